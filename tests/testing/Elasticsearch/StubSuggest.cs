using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.Testing.Elasticsearch;

/// <summary>The term suggester, in mode missing: terms of a field that are a few edits from a word that the field does not have.</summary>
internal static class StubSuggest
{
    public static JsonObject Run(JsonElement suggest, StubReader reader)
    {
        var answer = new JsonObject();
        foreach (var one in suggest.EnumerateObject())
        {
            one.Value.Only("suggest", "text", "term");
            var term = one.Value.Need("term", "suggest")
                .Only("term", "field", "suggest_mode", "max_edits", "prefix_length", "min_word_length", "size");
            var path = term.Need("field", "term").Text("field");
            var field = reader.Mapping.Find(path) is { IsText: true } text ? text : throw StubError.Argument($"no mapping found for field [{path}]");
            term.Need("suggest_mode", "term").OneOf("suggest_mode", "missing");
            var postings = reader.Postings(field);
            answer[one.Name] = new JsonArray([.. field.Search!(one.Value.Need("text", "suggest").Text("text")).Select(word => new JsonObject
            {
                ["text"] = word,
                ["offset"] = 0,
                ["length"] = word.Length,
                ["options"] = Options(word, term, postings),
            })]);
        }

        return answer;
    }

    private static JsonArray Options(string word, JsonElement term, StubPostings postings)
    {
        var edits = term.Find("max_edits")?.Whole("max_edits") ?? 2;
        if (edits is < 1 or > 2)
        {
            throw StubError.Argument("maxEdits must be between 1 and 2");
        }

        var prefix = term.Find("prefix_length")?.Whole("prefix_length") ?? 1;
        var length = term.Find("min_word_length")?.Whole("min_word_length") ?? 4;
        if (postings.Documents.ContainsKey(word) || word.Length < length)
        {
            return [];
        }

        return
        [
            .. postings.Documents
                .Where(other => other.Key.AsSpan().StartsWith(word.AsSpan(0, Math.Min(prefix, word.Length))))
                .Select(other => (other.Key, Distance: StubFuzziness.Distance(word, other.Key, transpositions: true), Frequency: other.Value.Count))
                .Where(other => other.Distance <= edits)
                .OrderBy(other => other.Distance).ThenByDescending(other => other.Frequency).ThenBy(other => other.Key, StringComparer.Ordinal)
                .Take(term.Find("size")?.Whole("size") ?? 5)
                .Select(other => new JsonObject
                {
                    ["text"] = other.Key,
                    ["score"] = 1 - ((double)other.Distance / Math.Min(word.Length, other.Key.Length)),
                    ["freq"] = other.Frequency,
                }),
        ];
    }
}
