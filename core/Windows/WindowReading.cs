namespace Reco.Core.Windows;

/// <summary>What fell into a window.</summary>
public sealed record WindowReading
{
    /// <summary>Start, inclusive, milliseconds since the Unix epoch.</summary>
    public required long StartMs { get; init; }

    /// <summary>End, exclusive, milliseconds since the Unix epoch.</summary>
    public required long EndMs { get; init; }

    /// <summary>Events by kind.</summary>
    public required long[] Counts { get; init; }

    /// <summary>Money.</summary>
    public required decimal Revenue { get; init; }

    /// <summary>
    /// Distinct users: exact up to <see cref="DistinctCounter.ExactMax"/>, then an estimate with 1.6% standard error; null when not counted.
    /// </summary>
    public required long? DistinctUsers { get; init; }
}
