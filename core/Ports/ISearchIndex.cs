using Reco.Core.Catalogue;

namespace Reco.Core.Ports;

/// <summary>Full-text search over the catalogue. Safe to use from any thread.</summary>
public interface ISearchIndex
{
    /// <summary>Finds products. Answers what it had when it was asked, even while products are being added.</summary>
    ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken);

    /// <summary>Adds or replaces products by id; they are found when it completes.</summary>
    ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken);

    /// <summary>Removes products; unknown ids are ignored.</summary>
    ValueTask RemoveAsync(IReadOnlyList<string> productIds, CancellationToken cancellationToken);
}

/// <summary>A search.</summary>
public sealed record SearchQuery
{
    /// <summary>Words, at most 256 characters; null or blank matches every product.</summary>
    public string? Text { get; init; }

    /// <summary>Only this category (case-insensitive).</summary>
    public string? Category { get; init; }

    /// <summary>Lowest price, inclusive.</summary>
    public decimal? MinPrice { get; init; }

    /// <summary>Highest price, inclusive.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>Page size, 1 to 100.</summary>
    public int Limit { get; init; } = 10;

    /// <summary>Results to skip, 0 to 10,000.</summary>
    public int Offset { get; init; }
}

/// <summary>A page of results.</summary>
public sealed record SearchAnswer
{
    /// <summary>Products that match, over all pages.</summary>
    public required int Total { get; init; }

    /// <summary>This page, best first.</summary>
    public required IReadOnlyList<SearchHit> Items { get; init; }

    /// <summary>Matches by category, brand and price range, most first, the category filter lifted for the category facet.</summary>
    public required SearchFacets Facets { get; init; }

    /// <summary>When no product has any of the words: what may have been meant, in words that the index has; otherwise null.</summary>
    public string? Suggestion { get; init; }
}

/// <summary>A product found.</summary>
public sealed record SearchHit(Product Product, double Score);

/// <summary>Counts of matches.</summary>
public sealed record SearchFacets
{
    /// <summary>By category.</summary>
    public required IReadOnlyList<FacetCount> Categories { get; init; }

    /// <summary>By brand.</summary>
    public required IReadOnlyList<FacetCount> Brands { get; init; }

    /// <summary>By price range, in ascending order: "0-25", "25-50", ... "1000+".</summary>
    public required IReadOnlyList<FacetCount> Prices { get; init; }
}

/// <summary>One facet value.</summary>
public sealed record FacetCount(string Value, int Count);
