namespace Reco.GrainInterfaces;

/// <summary>Statistics of one product.</summary>
[GenerateSerializer, Immutable, Alias("reco.ProductStats")]
public sealed record ProductStats
{
    /// <summary>The product.</summary>
    [Id(0)] public required string ProductId { get; init; }

    /// <summary>All events ever, by type.</summary>
    [Id(1)] public required EventCounts Totals { get; init; }

    /// <summary>All revenue ever, in the shop's currency.</summary>
    [Id(2)] public required decimal Revenue { get; init; }

    /// <summary>The sliding window.</summary>
    [Id(3)] public required WindowStats Window { get; init; }

    /// <summary>Events that came too late for their window: in the totals, in no window.</summary>
    [Id(4)] public required long LateEvents { get; init; }

    /// <summary>Time of the newest event, UTC.</summary>
    [Id(5)] public required DateTimeOffset LastEventAt { get; init; }

    /// <summary>Weighted events with a half-life, at stream time.</summary>
    [Id(6)] public required double Popularity { get; init; }
}

/// <summary>Neighbours of a product.</summary>
[GenerateSerializer, Immutable, Alias("reco.SimilarProducts")]
public sealed record SimilarProducts
{
    /// <summary>Version of the model; 0 when none has been trained.</summary>
    [Id(0)] public required long ModelVersion { get; init; }

    /// <summary>Nearest first.</summary>
    [Id(1)] public required RankedProduct[] Items { get; init; }
}

/// <summary>A product with a score.</summary>
[GenerateSerializer, Immutable, Alias("reco.RankedProduct")]
public sealed record RankedProduct
{
    /// <summary>The product.</summary>
    [Id(0)] public required string ProductId { get; init; }

    /// <summary>Its name; the id when the catalogue does not know the product.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Its category, when known.</summary>
    [Id(2)] public string? Category { get; init; }

    /// <summary>Its price, when known.</summary>
    [Id(3)] public decimal? Price { get; init; }

    /// <summary>The score that ranks it.</summary>
    [Id(4)] public required double Score { get; init; }
}
