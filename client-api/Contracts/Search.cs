using Reco.Core.Ports;

namespace Reco.ClientApi.Contracts;

/// <summary>A page of search results.</summary>
public sealed record SearchResponse
{
    /// <summary>Products that match, over all pages.</summary>
    public required int Total { get; init; }

    public required IReadOnlyList<SearchItem> Items { get; init; }

    public required FacetsBody Facets { get; init; }

    /// <summary>The words searched for; null when every product matches.</summary>
    public required string? Query { get; init; }

    public required int Limit { get; init; }

    public required int Offset { get; init; }

    /// <summary>When nothing has any of the words: what may have been meant.</summary>
    public required string? Suggestion { get; init; }

    /// <summary>Whether the order follows the taste of the user who was named.</summary>
    public required bool Personalized { get; init; }

    internal static SearchResponse From(SearchQuery query, SearchAnswer answer, bool personalized) => new()
    {
        Suggestion = answer.Suggestion,
        Personalized = personalized,
        Total = answer.Total,
        Items = [.. answer.Items.Select(SearchItem.From)],
        Facets = FacetsBody.From(answer.Facets),
        Query = query.Text,
        Limit = query.Limit,
        Offset = query.Offset,
    };
}

/// <summary>What shoppers search for now.</summary>
public sealed record PopularQueriesResponse
{
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Most first.</summary>
    public required IReadOnlyList<PopularQueryItem> Items { get; init; }
}

/// <summary>A query, in lower case with single spaces, and how often it was searched for in the window.</summary>
public sealed record PopularQueryItem(string Query, long Count);

/// <summary>A product found.</summary>
public sealed record SearchItem
{
    public required string ProductId { get; init; }

    public required string Name { get; init; }

    public required string Category { get; init; }

    public required string Brand { get; init; }

    public required decimal Price { get; init; }

    /// <summary>Pieces in stock; null when nobody counts them.</summary>
    public required int? Stock { get; init; }

    public required double Score { get; init; }

    internal static SearchItem From(SearchHit hit) => new()
    {
        ProductId = hit.Product.Id,
        Name = hit.Product.Name,
        Category = hit.Product.Category,
        Brand = hit.Product.Brand,
        Price = hit.Product.Price,
        Stock = ProductResponse.CountedStock(hit.Product),
        Score = hit.Score,
    };
}

/// <summary>Matches by category, brand and price range.</summary>
public sealed record FacetsBody
{
    public required IReadOnlyList<FacetBody> Categories { get; init; }

    public required IReadOnlyList<FacetBody> Brands { get; init; }

    public required IReadOnlyList<FacetBody> Prices { get; init; }

    internal static FacetsBody From(SearchFacets facets) => new()
    {
        Categories = Convert(facets.Categories),
        Brands = Convert(facets.Brands),
        Prices = Convert(facets.Prices),
    };

    private static FacetBody[] Convert(IReadOnlyList<FacetCount> counts) =>
        [.. counts.Select(count => new FacetBody(count.Value, count.Count))];
}

/// <summary>One facet value.</summary>
public sealed record FacetBody(string Value, int Count);
