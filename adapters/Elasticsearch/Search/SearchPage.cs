using System.Text.Json;
using System.Text.Json.Nodes;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Elasticsearch.Indices;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch.Search;

/// <summary>Asks for one page, best first and by id where scores are equal.</summary>
internal sealed class SearchPage(ElasticsearchClient client, ElasticsearchOptions options)
{
    /// <summary>Elasticsearch's index.max_result_window: from + size end here, and search_after begins.</summary>
    private const int WindowMax = 10_000;

    private string Path => $"{options.Alias}/_search?allow_partial_search_results=false";

    /// <param name="query">The search, of which the filters and the page are taken.</param>
    /// <param name="matching">What its text asks for; null when everything matches.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<SearchAnswer> AskAsync(SearchQuery query, JsonObject? matching, CancellationToken cancellationToken)
    {
        // Beyond the window: from the last result before the page on.
        var after = query.Offset + query.Limit > WindowMax ? await BeforePageAsync(query, matching, cancellationToken) : null;
        var body = Body(query, matching);
        body["size"] = after is { Count: 0 } ? 0 : query.Limit;
        body["track_total_hits"] = true;
        body["aggs"] = Facets.Request(query.Category is { } category ? Clauses.Category(category) : null);
        if (after is { Count: > 0 })
        {
            body["search_after"] = after;
        }
        else
        {
            body["from"] = after is null ? query.Offset : 0;
        }

        var answer = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        var hits = answer.GetProperty("hits");
        return new SearchAnswer
        {
            Total = hits.GetProperty("total").GetProperty("value").GetInt32(),
            Items = [.. hits.GetProperty("hits").EnumerateArray().Select(Hit)],
            Facets = Facets.Read(answer.GetProperty("aggregations")),
        };
    }

    /// <summary>How many products each clause matches, whatever the filters.</summary>
    public async Task<int[]> CountEachAsync(IReadOnlyList<JsonObject> clauses, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["size"] = 0,
            ["track_total_hits"] = false,
            ["aggs"] = new JsonObject
            {
                ["words"] = new JsonObject { ["filters"] = new JsonObject { ["filters"] = Clauses.Array(clauses) } },
            },
        };
        var answer = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        return
        [
            .. answer.GetProperty("aggregations").GetProperty("words").GetProperty("buckets").EnumerateArray()
                .Select(bucket => bucket.GetProperty("doc_count").GetInt32()),
        ];
    }

    /// <summary>How many of the clauses the product that matches most of them matches.</summary>
    public async Task<int> MostMatchedAsync(IReadOnlyList<JsonObject> clauses, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["size"] = 1,
            ["_source"] = false,
            ["track_total_hits"] = false,
            ["query"] = Clauses.AtLeast(1, clauses.Select(Clauses.One)),
        };
        var answer = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        var most = answer.GetProperty("hits").GetProperty("max_score");
        return most.ValueKind == JsonValueKind.Number ? (int)Math.Round(most.GetDouble()) : 0;
    }

    /// <summary>The text with each word replaced by the likeliest that the index has; null when one has none like it.</summary>
    public async Task<string?> SuggestAsync(IReadOnlyList<QueryWord> words, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["size"] = 0,
            ["track_total_hits"] = false,
            ["suggest"] = new JsonObject
            {
                ["spelling"] = new JsonObject
                {
                    ["text"] = string.Join(' ', words.Select(word => word.Text)),
                    ["term"] = new JsonObject
                    {
                        ["field"] = ProductMapping.Name + ProductMapping.TypedSuffix,
                        ["suggest_mode"] = "missing",
                        ["max_edits"] = 2,
                        ["prefix_length"] = 1,
                        ["min_word_length"] = SpellingSuggestion.WordCharactersMin,
                        ["size"] = 1,
                    },
                },
            },
        };
        var answer = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        var suggested = new List<string>();
        foreach (var word in answer.GetProperty("suggest").GetProperty("spelling").EnumerateArray())
        {
            if (word.GetProperty("options").EnumerateArray().FirstOrDefault() is not { ValueKind: JsonValueKind.Object } option)
            {
                return null;
            }

            suggested.Add(option.GetProperty("text").GetString()!);
        }

        return suggested.Count > 0 ? string.Join(' ', suggested) : null;
    }

    private JsonObject Body(SearchQuery query, JsonObject? matching)
    {
        var prices = Clauses.Prices(query.MinPrice, query.MaxPrice);
        var wanted = matching?.DeepClone().AsObject() ?? Clauses.MatchAll();
        var filtered = prices is null ? wanted : new JsonObject
        {
            ["bool"] = new JsonObject { ["must"] = new JsonArray(wanted), ["filter"] = new JsonArray(prices) },
        };
        var body = new JsonObject
        {
            ["query"] = matching is null ? filtered : Clauses.Blended(filtered, options.PopularityWeight),
            ["sort"] = matching is null
                ? new JsonArray(new JsonObject { [ProductMapping.ProductId] = "asc" })
                : new JsonArray(new JsonObject { ["_score"] = "desc" }, new JsonObject { [ProductMapping.ProductId] = "asc" }),
        };
        if (query.Category is { } category)
        {
            body["post_filter"] = Clauses.Category(category);
        }

        return body;
    }

    /// <summary>The sort values of the result before the page, itself within the window; empty when there are not so many results.</summary>
    private async Task<JsonArray> BeforePageAsync(SearchQuery query, JsonObject? matching, CancellationToken cancellationToken)
    {
        var body = Body(query, matching);
        body["from"] = query.Offset - 1;
        body["size"] = 1;
        body["_source"] = false;
        body["track_total_hits"] = false;
        var answer = await client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        var last = answer.GetProperty("hits").GetProperty("hits").EnumerateArray().LastOrDefault();
        return last.ValueKind == JsonValueKind.Object ? JsonNode.Parse(last.GetProperty("sort").GetRawText())!.AsArray() : [];
    }

    private static SearchHit Hit(JsonElement hit) => new(
        ProductDocument.Read(hit.GetProperty("_source")),
        hit.GetProperty("_score") is { ValueKind: JsonValueKind.Number } score ? score.GetDouble() : 0);
}
