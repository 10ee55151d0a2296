namespace Reco.Workload.Replay;

/// <summary>What to replay, and how fast.</summary>
public sealed record ReplayOptions
{
    /// <summary>The retail CSV file, plain or gzip.</summary>
    public required string Path { get; init; }

    /// <summary>Event time runs this many times faster than real time; null for as fast as the server takes it.</summary>
    public double? Speed { get; init; }

    /// <summary>At most the first so many purchases of the file; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>Requests in flight; a user's events go through one of them.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>
    /// Progress is saved at the latest after so many acknowledged events. What a killed replay sends again is this and two windows of
    /// <see cref="Lanes"/> x 1,000: far below the 100,000 events a partition over which the system drops repeated ids.
    /// </summary>
    public int SaveEveryEvents { get; init; } = 20_000;
}
