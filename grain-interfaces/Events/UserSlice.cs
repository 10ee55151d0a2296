namespace Reco.GrainInterfaces;

/// <summary>The events of one user in one batch of one partition, in log order.</summary>
[GenerateSerializer, Immutable, Alias("reco.UserSlice")]
public sealed record UserSlice
{
    /// <summary>The partition the events were read from.</summary>
    [Id(0)] public required int Partition { get; init; }

    /// <summary>
    /// The highest offset of this partition that the sender handed to this grain before and that no checkpoint has
    /// confirmed yet; -1 when there is none. A grain whose last applied offset is lower has lost its memory in between.
    /// </summary>
    [Id(1)] public required long After { get; init; }

    /// <summary>Stream time at the sender: milliseconds since the Unix epoch.</summary>
    [Id(2)] public required long StreamTimeMs { get; init; }

    /// <summary>At least one event, offsets ascending.</summary>
    [Id(3)] public required UserEvent[] Events { get; init; }
}

/// <summary>What a UserGrain needs of an event.</summary>
[GenerateSerializer, Immutable, Alias("reco.UserEvent")]
public readonly record struct UserEvent
{
    /// <summary>Offset in the partition.</summary>
    [Id(0)] public required long Offset { get; init; }

    /// <summary>What happened.</summary>
    [Id(1)] public required EventType Type { get; init; }

    /// <summary>Event time, milliseconds since the Unix epoch.</summary>
    [Id(2)] public required long TimestampMs { get; init; }

    /// <summary>The product; null for a search.</summary>
    [Id(3)] public string? ProductId { get; init; }

    /// <summary>Quantity times unit price of a purchase, else 0.</summary>
    [Id(4)] public decimal Revenue { get; init; }

    /// <summary>True when the partition's watermark had passed the allowed lateness: counted in totals, left out of windows.</summary>
    [Id(5)] public bool Late { get; init; }
}
