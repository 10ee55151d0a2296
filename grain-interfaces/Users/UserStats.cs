namespace Reco.GrainInterfaces;

/// <summary>Statistics of one user.</summary>
[GenerateSerializer, Immutable, Alias("reco.UserStats")]
public sealed record UserStats
{
    /// <summary>The user.</summary>
    [Id(0)] public required string UserId { get; init; }

    /// <summary>All events ever, by type.</summary>
    [Id(1)] public required EventCounts Totals { get; init; }

    /// <summary>All revenue ever, in the shop's currency.</summary>
    [Id(2)] public required decimal Revenue { get; init; }

    /// <summary>The sliding window.</summary>
    [Id(3)] public required WindowStats Window { get; init; }

    /// <summary>Events that came too late for their window: in the totals, in no window.</summary>
    [Id(4)] public required long LateEvents { get; init; }

    /// <summary>Distinct products in the bounded history.</summary>
    [Id(5)] public required int HistoryItems { get; init; }

    /// <summary>Time of the newest event, UTC.</summary>
    [Id(6)] public required DateTimeOffset LastEventAt { get; init; }
}
