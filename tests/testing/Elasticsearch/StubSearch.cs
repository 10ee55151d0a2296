using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.Testing.Elasticsearch;

/// <summary>The body of _search, and its answer in the documented form.</summary>
internal static class StubSearch
{
    private const int WindowMax = 10_000;

    public static JsonObject Run(JsonElement body, string indexName, StubReader reader)
    {
        body.Only("search", "query", "from", "size", "sort", "aggs", "post_filter", "track_total_hits", "_source", "search_after", "suggest");
        var from = body.Find("from")?.Whole("from") ?? 0;
        var size = body.Find("size")?.Whole("size") ?? 10;
        if (from + size > WindowMax)
        {
            throw StubError.Argument($"Result window is too large, from + size must be less than or equal to: [{WindowMax}] but was [{from + size}].");
        }

        var query = body.Find("query") is { } wanted ? StubQueries.Compile(wanted, reader) : _ => 1;
        var sort = StubSort.Parse(body.Find("sort"), reader);
        var after = body.Find("search_after");
        if (after is not null && (from != 0 || body.Find("sort") is null || after.Value.GetArrayLength() != sort.Keys.Count))
        {
            throw StubError.Argument("[search_after] needs as many values as [sort] has, and [from] to be 0.");
        }

        // Scores are floats in Elasticsearch, and so come back as such in search_after.
        var matches = new List<(StubDocument Document, float Score)>();
        foreach (var document in sort.Only is { } only ? reader.SortedBy(only) : reader.Documents)
        {
            if (query(document) is { } score)
            {
                matches.Add((document, (float)score));
            }
        }

        var filter = body.Find("post_filter") is { } later ? StubQueries.Compile(later, reader) : null;
        var hits = filter is null ? matches : [.. matches.Where(match => filter(match.Document) is not null)];
        var found = hits;
        if (sort.Only is { } sorted)
        {
            var start = after is { } last ? hits.FindIndex(hit => string.CompareOrdinal(hit.Document.Text(sorted), last[0].GetString()) > 0) : from;
            hits = start < 0 ? [] : [.. hits.Skip(start).Take(size)];
        }

        var page = hits.Select(hit => (Hit: hit, Keys: sort.KeysOf(hit.Document, hit.Score)))
            .Where(hit => after is null || sort.Compare(hit.Keys, StubSort.Values(after.Value)) > 0)
            .Order(Comparer<((StubDocument Document, float Score) Hit, JsonValue[] Keys)>.Create((a, b) => sort.Compare(a.Keys, b.Keys)))
            .Skip(sort.Only is null ? from : 0).Take(size).ToArray();
        var answer = new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = new JsonObject { ["total"] = 1, ["successful"] = 1, ["skipped"] = 0, ["failed"] = 0 },
            ["hits"] = Hits(body, indexName, sort, found, [.. page.Select(hit => (hit.Hit.Document, hit.Hit.Score, hit.Keys))]),
        };
        if (body.Find("aggs") is { } aggregations)
        {
            answer["aggregations"] = StubAggregations.Run(aggregations, [.. matches.Select(match => match.Document)], reader);
        }

        if (body.Find("suggest") is { } suggest)
        {
            answer["suggest"] = StubSuggest.Run(suggest, reader);
        }

        return answer;
    }

    private static JsonObject Hits(
        JsonElement body, string indexName, StubSort sort, List<(StubDocument Document, float Score)> all,
        IReadOnlyList<(StubDocument Document, float Score, JsonValue[] Keys)> page)
    {
        var withSource = body.Find("_source")?.Flag("_source") ?? true;
        var hits = new JsonObject();
        if (body.Find("track_total_hits") is not { ValueKind: JsonValueKind.False })
        {
            var exact = body.Find("track_total_hits") is { ValueKind: JsonValueKind.True };
            hits["total"] = new JsonObject
            {
                ["value"] = exact ? all.Count : Math.Min(all.Count, WindowMax),
                ["relation"] = exact || all.Count <= WindowMax ? "eq" : "gte",
            };
        }

        // With a sort of one's own, and for no hits, there is no highest score.
        hits["max_score"] = sort.IsByScore && page.Count > 0 ? all.Max(hit => hit.Score) : null;
        hits["hits"] = new JsonArray([.. page.Select(hit =>
        {
            var one = new JsonObject
            {
                ["_index"] = indexName,
                ["_id"] = hit.Document.Id,
                ["_score"] = sort.HasScore ? hit.Score : null,
            };
            if (withSource)
            {
                one["_source"] = JsonObject.Create(hit.Document.Source);
            }

            if (body.Find("sort") is not null)
            {
                one["sort"] = new JsonArray([.. hit.Keys.Select(key => key.DeepClone())]);
            }

            return one;
        })]);
        return hits;
    }
}

/// <summary>The order of the hits.</summary>
internal sealed class StubSort
{
    private StubSort(List<(StubField? Field, bool Descending)> keys, bool own)
    {
        Keys = keys;
        IsByScore = !own;
    }

    /// <summary>A null field is the score.</summary>
    public List<(StubField? Field, bool Descending)> Keys { get; }

    /// <summary>No sort was asked for.</summary>
    public bool IsByScore { get; }

    /// <summary>The field's source when the order is that of one keyword, ascending.</summary>
    public string? Only => Keys is [({ Type: "keyword" } only, false)] ? only.Source : null;

    public bool HasScore => Keys.Any(key => key.Field is null);

    public static StubSort Parse(JsonElement? sort, StubReader reader)
    {
        if (sort is not { } wanted)
        {
            return new StubSort([(null, true)], own: false);
        }

        var keys = new List<(StubField?, bool)>();
        foreach (var item in wanted.EnumerateArray())
        {
            var key = item.Single("sort");
            var field = key.Name == "_score" ? null : reader.Mapping.Keyword(key.Name, "sort");
            keys.Add((field, key.Value.OneOf("sort", "asc", "desc") == "desc"));
        }

        return new StubSort(keys, own: true);
    }

    public JsonValue[] KeysOf(StubDocument document, float score) =>
    [
        .. Keys.Select(key => key.Field switch
        {
            null => JsonValue.Create(score),
            { Type: "keyword" } field => JsonValue.Create(document.Text(field.Source) ?? "")!,
            { } field => JsonValue.Create(document.Number(field.Source) ?? 0),
        }),
    ];

    public static JsonValue[] Values(JsonElement after) => [.. after.EnumerateArray().Select(value => JsonValue.Create(value)!)];

    public int Compare(JsonValue[] a, JsonValue[] b)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            var order = Keys[i].Field switch
            {
                null => Number(a[i]).CompareTo(Number(b[i])),
                { Type: "keyword" } => string.CompareOrdinal(Text(a[i]), Text(b[i])),
                _ => Number(a[i]).CompareTo(Number(b[i])),
            };
            if (order != 0)
            {
                return Keys[i].Descending ? -order : order;
            }
        }

        return 0;

        static float Number(JsonValue value) => value.TryGetValue<float>(out var number) ? number : (float)value.GetValue<double>();
        static string Text(JsonValue value) => value.GetValue<string>();
    }
}
