using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reco.Testing.Elasticsearch;

/// <summary>The aggregations terms, filter, filters and range, nested as wanted.</summary>
internal static class StubAggregations
{
    public static JsonObject Run(JsonElement aggregations, IReadOnlyList<StubDocument> documents, StubReader reader)
    {
        var answer = new JsonObject();
        foreach (var aggregation in aggregations.EnumerateObject())
        {
            aggregation.Value.Only(aggregation.Name, "terms", "filter", "filters", "range", "aggs");
            var kind = aggregation.Value.EnumerateObject().Where(field => field.Name != "aggs").ToArray();
            if (kind.Length != 1)
            {
                throw StubError.Parsing($"Expected one aggregation type in [{aggregation.Name}]");
            }

            var inner = aggregation.Value.Find("aggs");
            answer[aggregation.Name] = kind[0].Name switch
            {
                "terms" => Terms(kind[0].Value, documents, reader),
                "range" => Ranges(kind[0].Value, documents, reader),
                "filters" => Filters(kind[0].Value, documents, reader),
                _ => Filter(kind[0].Value, inner, documents, reader),
            };
            if (inner is not null && kind[0].Name != "filter")
            {
                throw StubError.Argument("The stub nests aggregations in a filter only.");
            }
        }

        return answer;
    }

    private static JsonObject Terms(JsonElement body, IReadOnlyList<StubDocument> documents, StubReader reader)
    {
        body.Only("terms", "field", "size");
        var field = reader.Mapping.Keyword(body.Need("field", "terms").Text("field"), "aggregation");
        var size = body.Find("size")?.Whole("size") ?? 10;
        var counts = documents.SelectMany(document => document.Terms(field)).GroupBy(term => term)
            .Select(group => (group.Key, Count: group.Count()))
            .OrderByDescending(group => group.Count).ThenBy(group => group.Key, StringComparer.Ordinal).ToArray();
        return new JsonObject
        {
            ["doc_count_error_upper_bound"] = 0,
            ["sum_other_doc_count"] = counts.Skip(size).Sum(group => group.Count),
            ["buckets"] = Array(counts.Take(size).Select(group => new JsonObject { ["key"] = group.Key, ["doc_count"] = group.Count })),
        };
    }

    private static JsonObject Ranges(JsonElement body, IReadOnlyList<StubDocument> documents, StubReader reader)
    {
        body.Only("range", "field", "ranges", "keyed");
        var field = reader.Mapping.Keyword(body.Need("field", "range").Text("field"), "aggregation");
        return new JsonObject
        {
            ["buckets"] = Array(body.Need("ranges", "range").EnumerateArray().Select(range =>
            {
                range.Only("ranges", "key", "from", "to");
                var (from, to) = (range.Find("from")?.Number("from"), range.Find("to")?.Number("to"));
                var count = documents.Count(document => document.Number(field.Source) is { } value && !(value < from) && !(value >= to));
                var bucket = new JsonObject { ["key"] = range.Need("key", "ranges").Text("key"), ["doc_count"] = count };
                if (from is { } low)
                {
                    bucket["from"] = low;
                }

                if (to is { } high)
                {
                    bucket["to"] = high;
                }

                return bucket;
            })),
        };
    }

    private static JsonObject Filters(JsonElement body, IReadOnlyList<StubDocument> documents, StubReader reader)
    {
        body.Only("filters", "filters");
        return new JsonObject
        {
            ["buckets"] = Array(body.GetProperty("filters").EnumerateArray().Select(filter =>
            {
                var query = StubQueries.Compile(filter, reader);
                return new JsonObject { ["doc_count"] = documents.Count(document => query(document) is not null) };
            })),
        };
    }

    private static JsonObject Filter(JsonElement body, JsonElement? inner, IReadOnlyList<StubDocument> documents, StubReader reader)
    {
        var query = StubQueries.Compile(body, reader);
        var inside = documents.Where(document => query(document) is not null).ToArray();
        var answer = inner is { } aggregations ? Run(aggregations, inside, reader) : [];
        answer["doc_count"] = inside.Length;
        return answer;
    }

    private static JsonArray Array(IEnumerable<JsonObject> nodes) => new([.. nodes]);
}
