using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Purchases.Comparing;

/// <summary>What a comparison sends.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Kafka's brokers.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>At most so many messages of the file; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>
    /// The first messages of the file, sent by every profile and compared. A profile that waits 5 or 10 ms for each message is measured on
    /// these alone (the whole file would take an hour); one that awaits each message on ten times as many, one without batches on a hundred times.
    /// </summary>
    [Range(1, 1_000_000)]
    public int SampleMessages { get; init; } = 1_000;

    /// <summary>Measured runs of a profile, of which the median counts; one that lingers for each message runs once.</summary>
    [Range(1, 99)]
    public int Repeats { get; init; } = 3;
}
