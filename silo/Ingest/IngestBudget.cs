using Reco.Silo.Partitions;

namespace Reco.Silo.Ingest;

/// <summary>What the partitions of a silo share, so that shoppers' requests find a core free however much there is to catch up on.</summary>
internal sealed class IngestBudget
{
    public IngestBudget(IGrainFactory grains, IngestOptions options, CommonTimes times)
    {
        Pace = new IngestPace(options.TimeShareMax, TimeSpan.FromMilliseconds(options.ReadIntervalMillisecondsMax), times);
        Calls = new GrainCalls(grains, () => Pace.CallsOf(Environment.ProcessorCount, options.CallsInFlightPerCore));
    }

    /// <summary>
    /// Grain calls. What is too much for the grains waits in the log, and not in the queues that shoppers' requests stand in as well.
    /// </summary>
    public GrainCalls Calls { get; }

    /// <summary>When batches are read.</summary>
    public IngestPace Pace { get; }

    /// <summary>
    /// Batches that are decoded, each some milliseconds of a thread of the pool: one at a time, though the partitions read at common times.
    /// </summary>
    public SemaphoreSlim Decoding { get; } = new(1);

    /// <summary>Records that are read back for a duplicate window: those of one partition at a time, when a silo takes over many.</summary>
    public SemaphoreSlim ReadingBack { get; } = new(1);
}
