namespace Reco.GrainInterfaces;

/// <summary>What fell into the sliding window that ends at stream time's current pane.</summary>
[GenerateSerializer, Immutable, Alias("reco.WindowStats")]
public sealed record WindowStats
{
    /// <summary>Start of the window, inclusive, UTC.</summary>
    [Id(0)] public required DateTimeOffset Start { get; init; }

    /// <summary>End of the window, exclusive, UTC; the window still fills while stream time is before it.</summary>
    [Id(1)] public required DateTimeOffset End { get; init; }

    /// <summary>Events in the window by type.</summary>
    [Id(2)] public required EventCounts Counts { get; init; }

    /// <summary>Revenue of the purchases in the window, in the shop's currency.</summary>
    [Id(3)] public required decimal Revenue { get; init; }

    /// <summary>Distinct users in the window (products only; exact up to 512 a pane, then an estimate with a standard error of 1.6%), else null.</summary>
    [Id(4)] public long? DistinctUsers { get; init; }
}
