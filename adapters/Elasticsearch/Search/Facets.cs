using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reco.Adapters.Elasticsearch.Indices;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch.Search;

/// <summary>Counts of matches: the aggregations that ask for them, and the answer.</summary>
internal static class Facets
{
    /// <summary>More than are answered: spellings that differ in case alone are counted together after.</summary>
    private const int BucketsMax = 2 * FacetCounter.ValuesMax;

    public static readonly SearchFacets None = new()
    {
        Categories = [],
        Brands = [],
        Prices = [.. PriceRanges.Names.Select(name => new FacetCount(name, 0))],
    };

    /// <summary>The category filter is a post_filter, so that categories are counted without it; the others are counted inside it.</summary>
    public static JsonObject Request(JsonObject? categoryFilter) => new()
    {
        ["categories"] = Terms(ProductMapping.Category),
        ["chosen"] = new JsonObject
        {
            ["filter"] = categoryFilter ?? Clauses.MatchAll(),
            ["aggs"] = new JsonObject
            {
                ["brands"] = Terms(ProductMapping.Brand),
                ["prices"] = new JsonObject { ["range"] = new JsonObject { ["field"] = ProductMapping.Price, ["ranges"] = Ranges() } },
            },
        },
    };

    public static SearchFacets Read(JsonElement aggregations)
    {
        var chosen = aggregations.GetProperty("chosen");
        var prices = chosen.GetProperty("prices").GetProperty("buckets").EnumerateArray()
            .ToDictionary(bucket => bucket.GetProperty("key").GetString()!, Count);
        return new SearchFacets
        {
            Categories = MostFirst(aggregations.GetProperty("categories")),
            Brands = MostFirst(chosen.GetProperty("brands")),
            Prices = [.. PriceRanges.Names.Select(name => new FacetCount(name, prices[name]))],
        };
    }

    private static JsonObject Terms(string field) => new()
    {
        ["terms"] = new JsonObject { ["field"] = field + ProductMapping.ExactSuffix, ["size"] = BucketsMax },
    };

    /// <summary>From the names of the embedded index, "0-25" to "1000+", so that the two cannot drift apart.</summary>
    private static JsonArray Ranges() => Clauses.Array(PriceRanges.Names.Select(name =>
    {
        var ends = name.TrimEnd('+').Split('-');
        var range = new JsonObject { ["key"] = name, ["from"] = double.Parse(ends[0], CultureInfo.InvariantCulture) };
        if (ends.Length > 1)
        {
            range["to"] = double.Parse(ends[1], CultureInfo.InvariantCulture);
        }

        return range;
    }));

    private static FacetCount[] MostFirst(JsonElement terms) =>
    [
        .. terms.GetProperty("buckets").EnumerateArray()
            .Select(bucket => new FacetCount(bucket.GetProperty("key").GetString()!, Count(bucket)))
            .GroupBy(count => count.Value, StringComparer.OrdinalIgnoreCase)
            .Select(same => new FacetCount(same.Select(count => count.Value).Min(StringComparer.Ordinal)!, same.Sum(count => count.Count)))
            .OrderByDescending(count => count.Count)
            .ThenBy(count => count.Value, StringComparer.Ordinal)
            .Take(FacetCounter.ValuesMax),
    ];

    private static int Count(JsonElement bucket) => bucket.GetProperty("doc_count").GetInt32();
}
