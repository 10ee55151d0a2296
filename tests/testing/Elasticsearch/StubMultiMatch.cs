using System.Globalization;
using System.Text.Json;

namespace Reco.Testing.Elasticsearch;

/// <summary>multi_match of the types most_fields and bool_prefix, with boosts of fields and with fuzziness.</summary>
internal static class StubMultiMatch
{
    public static StubScorer Compile(JsonElement body, StubReader reader)
    {
        body.Only(
            "multi_match", "query", "type", "fields", "operator", "boost", "fuzziness", "fuzzy_transpositions", "max_expansions", "prefix_length");
        var text = body.Need("query", "multi_match").Text("query");
        var type = body.Need("type", "multi_match").OneOf("type", "most_fields", "bool_prefix");
        var all = body.Find("operator")?.OneOf("operator", "and", "or") == "and";
        var boost = body.Find("boost")?.Number("boost") ?? 1;
        var fuzziness = body.Find("fuzziness") is { } value ? StubFuzziness.Parse(value.Text("fuzziness")) : null;
        if (fuzziness is not null)
        {
            fuzziness.ExpansionsMax = body.Find("max_expansions")?.Whole("max_expansions") ?? 50;
            fuzziness.Transpositions = body.Find("fuzzy_transpositions")?.Flag("fuzzy_transpositions") ?? true;
            fuzziness.PrefixLength = body.Find("prefix_length")?.Whole("prefix_length") ?? 0;
        }

        var fields = body.Need("fields", "multi_match").EnumerateArray()
            .Select(field => OneField(field.Text("fields"), text, type == "bool_prefix", all, fuzziness, reader)).ToArray();
        return document =>
        {
            var (score, matches) = (0.0, false);
            foreach (var field in fields)
            {
                if (field(document) is { } part)
                {
                    (score, matches) = (score + part, true);
                }
            }

            return matches ? boost * score : null;
        };
    }

    private static StubScorer OneField(string spec, string text, bool lastIsPrefix, bool all, StubFuzziness? fuzziness, StubReader reader)
    {
        var parts = spec.Split('^');
        var weight = parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        var field = reader.Mapping.Find(parts[0]) ?? throw StubError.Argument($"No field mapping can be found for the field with name [{parts[0]}]");
        if (!field.IsText || (lastIsPrefix && field.Type != "search_as_you_type"))
        {
            throw StubError.Argument($"The stub matches no words on [{field.Path}] of type [{field.Type}].");
        }

        var postings = reader.Postings(field);
        var terms = field.Search!(text);
        var words = terms.Select((term, i) => lastIsPrefix && i == terms.Count - 1
            ? Prefix(term, postings)
            : Word(term, fuzziness, postings)).ToArray();
        return document =>
        {
            var (score, matched) = (0.0, 0);
            foreach (var word in words)
            {
                if (word(document) is { } part)
                {
                    (score, matched) = (score + part, matched + 1);
                }
            }

            return matched > 0 && (!all || matched == words.Length) ? weight * score : null;
        };
    }

    /// <summary>A prefix scores 1, as its query is rewritten to a constant score.</summary>
    private static StubScorer Prefix(string prefix, StubPostings postings)
    {
        var documents = postings.Documents.Where(term => term.Key.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(term => term.Value.Keys).ToHashSet();
        return document => documents.Contains(document) ? 1 : null;
    }

    private static StubScorer Word(string term, StubFuzziness? fuzziness, StubPostings postings)
    {
        if (fuzziness is null)
        {
            return document => Positive(postings.Score(term, document));
        }

        var near = fuzziness.Expand(term, postings.Documents.Keys);
        return document => Positive(near.Select(other => other.Boost * postings.Score(other.Term, document)).DefaultIfEmpty().Max());
    }

    private static double? Positive(double score) => score > 0 ? score : null;
}

/// <summary>"AUTO:low,high" as documented: no edit below low characters, one below high, two from there on.</summary>
internal sealed class StubFuzziness(int low, int high)
{
    public int ExpansionsMax { get; set; } = 50;

    public bool Transpositions { get; set; } = true;

    public int PrefixLength { get; set; }

    public static StubFuzziness Parse(string text)
    {
        var limits = text == "AUTO" ? ["3", "6"] : text.StartsWith("AUTO:", StringComparison.Ordinal) ? text[5..].Split(',') : [];
        return limits.Length == 2 && int.TryParse(limits[0], out var low) && int.TryParse(limits[1], out var high)
            ? new StubFuzziness(low, high)
            : throw StubError.Argument($"failed to parse fuzziness [{text}]");
    }

    public IReadOnlyList<(string Term, double Boost)> Expand(string term, IEnumerable<string> vocabulary)
    {
        var edits = term.Length < low ? 0 : term.Length < high ? 1 : 2;
        return
        [
            .. vocabulary
                .Where(other => Math.Abs(other.Length - term.Length) <= edits
                    && other.AsSpan().StartsWith(term.AsSpan(0, Math.Min(PrefixLength, term.Length))))
                .Select(other => (Term: other, Distance: Distance(term, other)))
                .Where(other => other.Distance <= edits)
                .OrderBy(other => other.Distance)
                .ThenBy(other => other.Term, StringComparer.Ordinal)
                .Take(ExpansionsMax)
                .Select(other => (other.Term, 1 - ((double)other.Distance / Math.Min(term.Length, other.Term.Length)))),
        ];
    }

    private int Distance(string a, string b) => Distance(a, b, Transpositions);

    /// <summary>Damerau's distance in its restricted form, by the book.</summary>
    internal static int Distance(string a, string b, bool transpositions)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var best = Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1);
                best = Math.Min(best, table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                var swapped = transpositions && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                table[i, j] = swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
            }
        }

        return table[a.Length, b.Length];
    }
}
