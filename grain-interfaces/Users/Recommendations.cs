namespace Reco.GrainInterfaces;

/// <summary>What to recommend.</summary>
[GenerateSerializer, Immutable, Alias("reco.RecommendationQuery")]
public sealed record RecommendationQuery
{
    /// <summary>Products wanted, 1 to 100.</summary>
    [Id(0)] public int Limit { get; init; } = 10;

    /// <summary>Only this category (case-insensitive); null for all.</summary>
    [Id(1)] public string? Category { get; init; }

    /// <summary>Lowest price, inclusive.</summary>
    [Id(2)] public decimal? MinPrice { get; init; }

    /// <summary>Highest price, inclusive.</summary>
    [Id(3)] public decimal? MaxPrice { get; init; }

    /// <summary>Leave out what the user has bought.</summary>
    [Id(4)] public bool ExcludePurchased { get; init; } = true;

    /// <summary>Add each history item's contribution to the score.</summary>
    [Id(5)] public bool Explain { get; init; }

    /// <summary>Leave out what the user has looked at, liked or put into the cart without buying it, as far as the history reaches.</summary>
    [Id(6)] public bool ExcludeSeen { get; init; } = true;

    /// <summary>
    /// A <see cref="RecommendationAnswer.Revision"/> that the caller holds the answer to this query of: if nothing that the model's part of the
    /// answer depends on has changed since, the answer is <see cref="RecommendationAnswer.Unchanged"/> and costs nothing. Null: answer in any case.
    /// </summary>
    [Id(7)] public string? UnlessRevision { get; init; }

    /// <summary>
    /// Only these products, and only by the model: no trending or popular ones in the place of those that it has nothing for, and none left out
    /// for having been bought or seen. For ordering what was found otherwise. Null for all products.
    /// </summary>
    [Id(8)] public string[]? Among { get; init; }
}

/// <summary>Ranked products, best first.</summary>
[GenerateSerializer, Immutable, Alias("reco.RecommendationAnswer")]
public sealed record RecommendationAnswer
{
    /// <summary>Version of the model that scored; 0 when no model has been trained yet.</summary>
    [Id(0)] public required long ModelVersion { get; init; }

    /// <summary>Distinct products, best first; fewer than asked for only when no more pass the filters.</summary>
    [Id(1)] public required RecommendedItem[] Items { get; init; }

    /// <summary>
    /// What the answer was computed from, for <see cref="RecommendationQuery.UnlessRevision"/>: the user's last event, the model, the catalogue and
    /// the process. Opaque; compare for equality. Null for a user of whom no event is known: those answers age with the trends alone.
    /// </summary>
    [Id(2)] public string? Revision { get; init; }

    /// <summary>The caller's answer is the present one, but for trending and popular products in it, which age; there are no items here.</summary>
    [Id(3)] public bool Unchanged { get; init; }
}

/// <summary>Where a recommendation came from.</summary>
[GenerateSerializer, Alias("reco.RecommendationSource")]
public enum RecommendationSource
{
    /// <summary>The factor model, by fold-in of the history.</summary>
    Als = 0,

    /// <summary>Co-occurrence in sessions.</summary>
    Sessions = 1,

    /// <summary>Several models together.</summary>
    Blend = 2,

    /// <summary>Trending now.</summary>
    Trending = 3,

    /// <summary>Popular over a longer time.</summary>
    Popular = 4,
}

/// <summary>One recommended product.</summary>
[GenerateSerializer, Immutable, Alias("reco.RecommendedItem")]
public sealed record RecommendedItem
{
    /// <summary>The product.</summary>
    [Id(0)] public required string ProductId { get; init; }

    /// <summary>Its name; the id when the catalogue does not know the product.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Its category; null when the catalogue does not know the product.</summary>
    [Id(2)] public string? Category { get; init; }

    /// <summary>Its price; null when the catalogue does not know the product.</summary>
    [Id(3)] public decimal? Price { get; init; }

    /// <summary>Score within its source; scores of different sources do not compare.</summary>
    [Id(4)] public required double Score { get; init; }

    /// <summary>Where it came from.</summary>
    [Id(5)] public required RecommendationSource Source { get; init; }

    /// <summary>One sentence for the shopper: "because you bought ...".</summary>
    [Id(6)] public required string Reason { get; init; }

    /// <summary>With <see cref="RecommendationQuery.Explain"/>: what each history item added, largest first; they sum to the score. Else null.</summary>
    [Id(7)] public ScoreContribution[]? Contributions { get; init; }
}

/// <summary>What one item of the history adds to a score (Hu, Koren and Volinsky 2008, section 5).</summary>
[GenerateSerializer, Immutable, Alias("reco.ScoreContribution")]
public sealed record ScoreContribution
{
    /// <summary>The product in the history.</summary>
    [Id(0)] public required string ProductId { get; init; }

    /// <summary>Its name.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The strongest thing the user did with it.</summary>
    [Id(2)] public required EventType Because { get; init; }

    /// <summary>Its part of the score; may be negative.</summary>
    [Id(3)] public required double Value { get; init; }
}
