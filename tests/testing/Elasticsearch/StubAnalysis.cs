using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Reco.Testing.Elasticsearch;

/// <summary>The analyzers of an index's settings, of the parts that Reco uses: written after Elasticsearch's documentation of each part.</summary>
internal sealed class StubAnalysis
{
    private readonly Dictionary<string, JsonElement> _charFilters;
    private readonly Dictionary<string, JsonElement> _filters;
    private readonly Dictionary<string, JsonElement> _analyzers;
    private readonly Dictionary<string, JsonElement> _normalizers;
    private readonly Dictionary<string, Func<string, List<string>>> _made = [];

    public StubAnalysis(JsonElement? analysis)
    {
        analysis?.Only("analysis", "char_filter", "filter", "analyzer", "normalizer");
        _charFilters = Named("char_filter");
        _filters = Named("filter");
        _analyzers = Named("analyzer");
        _normalizers = Named("normalizer");
        foreach (var name in _analyzers.Keys)
        {
            _made[name] = Make(_analyzers[name]);
        }

        Dictionary<string, JsonElement> Named(string kind) => analysis?.Find(kind) is { } parts
            ? parts.EnumerateObject().ToDictionary(part => part.Name, part => part.Value)
            : [];
    }

    public Func<string, List<string>> Analyzer(string name) => _made.TryGetValue(name, out var made)
        ? made
        : name == "standard" ? text => [.. Tokens(text).Select(token => token.Text.ToLowerInvariant())]
        : throw new StubError(400, "mapper_parsing_exception", $"analyzer [{name}] has not been configured in mappings");

    public Func<string, string> Normalizer(string name)
    {
        if (!_normalizers.TryGetValue(name, out var normalizer))
        {
            throw new StubError(400, "mapper_parsing_exception", $"normalizer [{name}] not found");
        }

        normalizer.Only("normalizer", "type", "filter");
        return normalizer.GetProperty("filter").EnumerateArray().All(filter => filter.GetString() == "lowercase")
            ? text => text.ToLowerInvariant()
            : throw StubError.Argument("The stub knows the normalizer lowercase alone.");
    }

    private Func<string, List<string>> Make(JsonElement analyzer)
    {
        analyzer.Only("analyzer", "type", "char_filter", "tokenizer", "filter");
        analyzer.Need("type", "analyzer").OneOf("type", "custom");
        analyzer.Need("tokenizer", "analyzer").OneOf("tokenizer", "standard");
        var before = Names("char_filter").Select(CharFilter).ToArray();
        var after = Names("filter").Select(Filter).ToArray();
        return text =>
        {
            foreach (var filter in before)
            {
                text = filter(text);
            }

            IEnumerable<StubToken> tokens = Tokens(text);
            foreach (var filter in after)
            {
                tokens = filter(tokens);
            }

            return [.. tokens.Select(token => token.Text)];
        };

        IEnumerable<string> Names(string kind) => analyzer.Find(kind)?.EnumerateArray().Select(name => name.Text(kind)) ?? [];
    }

    private Func<string, string> CharFilter(string name)
    {
        if (!_charFilters.TryGetValue(name, out var filter))
        {
            throw StubError.Argument($"Custom Analyzer failed to find char_filter under name [{name}]");
        }

        filter.Only(name, "type", "pattern", "replacement");
        filter.Need("type", name).OneOf("type", "pattern_replace");
        var pattern = new Regex(filter.GetProperty("pattern").Text("pattern"), RegexOptions.CultureInvariant);
        var replacement = filter.GetProperty("replacement").Text("replacement");
        return text => pattern.Replace(text, replacement);
    }

    private Func<IEnumerable<StubToken>, IEnumerable<StubToken>> Filter(string name)
    {
        var type = name;
        if (_filters.TryGetValue(name, out var filter))
        {
            type = filter.Need("type", name).Text("type");
            filter.Only(name, type switch { "stemmer" => ["type", "language"], "cjk_bigram" => ["type", "output_unigrams"], _ => ["type"] });
        }

        return type switch
        {
            "lowercase" => tokens => tokens.Select(token => token with { Text = token.Text.ToLowerInvariant() }),
            "cjk_width" => tokens => tokens.Select(token => token with { Text = StubFolding.Narrow(token.Text) }),
            "asciifolding" => tokens => tokens.Select(token => token with { Text = StubFolding.ToAscii(token.Text) }),
            "stemmer" when filter.GetProperty("language").GetString() == "plural_english" =>
                tokens => tokens.Select(token => token with { Text = StubFolding.Singular(token.Text) }),
            "cjk_bigram" => tokens => Pairs(
                tokens, filter.ValueKind == JsonValueKind.Object && filter.Find("output_unigrams") is { } both && both.GetBoolean()),
            _ => throw StubError.Argument($"Custom Analyzer failed to find filter under name [{name}]"),
        };
    }

    /// <summary>Runs of letters, digits and marks; Han and kana by the character, Hangul by the run, as UAX 29 cuts them.</summary>
    private static List<StubToken> Tokens(string text)
    {
        var tokens = new List<StubToken>();
        var (start, length, script) = (0, 0, StubScript.Other);
        var position = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isPart = Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            var kind = StubFolding.ScriptOf(rune);
            if (length > 0 && (!isPart || kind != script || kind == StubScript.Character))
            {
                tokens.Add(new StubToken(text.Substring(start, length), start, script));
                length = 0;
            }

            if (isPart)
            {
                (start, script) = length == 0 ? (position, kind) : (start, script);
                length += rune.Utf16SequenceLength;
            }

            position += rune.Utf16SequenceLength;
        }

        if (length > 0)
        {
            tokens.Add(new StubToken(text.Substring(start, length), start, script));
        }

        return tokens;
    }

    /// <summary>Adjacent characters in pairs; one that stands alone alone.</summary>
    private static IEnumerable<StubToken> Pairs(IEnumerable<StubToken> tokens, bool singlesToo)
    {
        var run = new List<string>();
        var end = -1;
        foreach (var token in tokens.Append(new StubToken("", -2, StubScript.Other)))
        {
            if (run.Count > 0 && (token.Script == StubScript.Other || token.Start != end))
            {
                foreach (var gram in Grams(run, singlesToo))
                {
                    yield return gram;
                }

                run.Clear();
            }

            if (token.Script == StubScript.Other)
            {
                if (token.Text.Length > 0)
                {
                    yield return token;
                }

                continue;
            }

            run.AddRange(token.Text.EnumerateRunes().Select(rune => rune.ToString()));
            end = token.Start + token.Text.Length;
        }
    }

    private static IEnumerable<StubToken> Grams(List<string> run, bool singlesToo)
    {
        for (var i = 0; i < run.Count; i++)
        {
            if (singlesToo || run.Count == 1)
            {
                yield return new StubToken(run[i], i, StubScript.Character);
            }

            if (i + 1 < run.Count)
            {
                yield return new StubToken(run[i] + run[i + 1], i, StubScript.Character);
            }
        }
    }
}

/// <summary>A token and where it began.</summary>
internal readonly record struct StubToken(string Text, int Start, StubScript Script);

/// <summary>What the tokenizer tells the pair filter.</summary>
internal enum StubScript
{
    Other,
    Character,
    Hangul,
}
