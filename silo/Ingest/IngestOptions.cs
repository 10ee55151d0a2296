using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Ingest;

/// <summary>How the event log becomes grain state. Section "Ingest".</summary>
public sealed class IngestOptions : IValidatableObject
{
    public const string Section = "Ingest";

    /// <summary>Consumer group of the speed layer.</summary>
    [Required, MinLength(1)]
    public string Group { get; set; } = "reco-ingest";

    /// <summary>How often grains are flushed and offsets committed: what a crash makes the next start replay.</summary>
    [Range(0.1, 300)]
    public double CheckpointIntervalSeconds { get; set; } = 5;

    /// <summary>Records of a batch. Larger batches mean fewer, fuller grain calls; a quiet log still hands on single records at once.</summary>
    [Range(1, 65_536)]
    public int BatchRecordsMax { get; set; } = 8192;

    /// <summary>
    /// Grain calls under way in this silo for each core, over all its partitions, where there is a backlog: enough to keep the cores busy while some
    /// wait for other silos, few enough that a request that comes in between waits milliseconds. One while ingest keeps up within
    /// <see cref="TimeShareMax"/>, and in between by how far it does not. A backlog stays in the log. Measured with full cores in a cluster: reads
    /// wait a sixth longer with 4 than with 1, and half as long again with 16; alone on the machine, 4 takes 3 % longer to catch up than 16. Silos
    /// far apart want more.
    /// </summary>
    [Range(1, 1_000)]
    public int CallsInFlightPerCore { get; set; } = 4;

    /// <summary>
    /// Part of the time that handing over events may take, waits for a core included. Where it would take more, partitions read less often and get
    /// fuller batches, which cost less an event; those that are a full batch behind do not wait.
    /// </summary>
    [Range(0.05, 1)]
    public double TimeShareMax { get; set; } = 0.5;

    /// <summary>The longest that partitions wait for that: what full cores add to the age of an event that is seen. 0 never waits.</summary>
    [Range(0, 10_000)]
    public int ReadIntervalMillisecondsMax { get; set; } = 512;

    /// <summary>
    /// Grain flushes under way at a checkpoint, at most. Two for each core while checkpoints take less than half of their interval, so that requests do
    /// not wait for them.
    /// </summary>
    [Range(1, 10_000)]
    public int FlushesInFlightMax { get; set; } = 32;

    /// <summary>First wait after a failure; doubles up to <see cref="RetryDelaySecondsMax"/>.</summary>
    [Range(0.01, 60)]
    public double RetryDelaySeconds { get; set; } = 0.1;

    /// <summary>Longest wait after repeated failures.</summary>
    [Range(0.01, 600)]
    public double RetryDelaySecondsMax { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RetryDelaySecondsMax < RetryDelaySeconds)
        {
            yield return new ValidationResult(
                $"{nameof(RetryDelaySecondsMax)} ({RetryDelaySecondsMax}) must be at least {nameof(RetryDelaySeconds)} ({RetryDelaySeconds}).",
                [nameof(RetryDelaySecondsMax), nameof(RetryDelaySeconds)]);
        }
    }
}
