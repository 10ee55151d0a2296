using Reco.Core.Catalogue;

namespace Reco.Core.Recommending;

/// <summary>A product that a shopper has dealt with.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Weight">Summed event weight, finite and above 0.</param>
/// <param name="StrongestKind">Number of the strongest kind of event; handed through to the contributions.</param>
public readonly record struct HistoryItem(string ProductId, float Weight, int StrongestKind);

/// <summary>What may be recommended.</summary>
public sealed record RecommendationFilter
{
    /// <summary>Only this category (case-insensitive); null for all.</summary>
    public string? Category { get; init; }

    /// <summary>Lowest price, inclusive.</summary>
    public decimal? MinPrice { get; init; }

    /// <summary>Highest price, inclusive.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>Products that are left out, whatever else holds; null for none.</summary>
    public Func<string, bool>? Excludes { get; init; }

    /// <summary>
    /// Whether the product passes. One that the catalogue does not know passes only where neither category nor price is asked for;
    /// one that is out of stock never does.
    /// </summary>
    public bool Allows(string productId, Product? product)
    {
        if (Excludes is not null && Excludes(productId))
        {
            return false;
        }

        if (product is null)
        {
            return Category is null && MinPrice is null && MaxPrice is null;
        }

        return product.Stock > 0
            && (Category is null || string.Equals(Category, product.Category, StringComparison.OrdinalIgnoreCase))
            && (MinPrice is null || product.Price >= MinPrice)
            && (MaxPrice is null || product.Price <= MaxPrice);
    }
}

/// <summary>A ranked product.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Product">What the catalogue says of it, if anything.</param>
/// <param name="Score">The model's score.</param>
/// <param name="Contributions">What each history item adds to the score, largest first: all, which sum to it, or only the largest.</param>
public sealed record Recommendation(string ProductId, Product? Product, double Score, IReadOnlyList<Contribution> Contributions);

/// <summary>One history item's part of a score. The larger ranks first; of equal ones that of the lower product id, ordinal.</summary>
public readonly record struct Contribution(HistoryItem Because, double Value) : IComparable<Contribution>
{
    public int CompareTo(Contribution other) => other.Value.CompareTo(Value) is var order and not 0
        ? order
        : string.CompareOrdinal(Because.ProductId, other.Because.ProductId);

    internal static Contribution[] Ranked(List<HistoryItem> history, double[] values)
    {
        var all = new Contribution[values.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = new Contribution(history[i], values[i]);
        }

        Array.Sort(all);
        return all;
    }

    internal static Contribution Largest(List<HistoryItem> history, double[] values)
    {
        var largest = new Contribution(history[0], values[0]);
        for (var i = 1; i < values.Length; i++)
        {
            var candidate = new Contribution(history[i], values[i]);
            largest = candidate.CompareTo(largest) < 0 ? candidate : largest;
        }

        return largest;
    }
}
