namespace Reco.Silo.Ingest;

/// <summary>What the partitions of a silo share, so that shoppers' requests find a core free however much there is to catch up on.</summary>
internal sealed class IngestBudget(int callsInFlightMax)
{
    /// <summary>
    /// Grain calls under way. What is too much for the grains then waits in the log, and not in the queues that shoppers' requests stand in as well.
    /// </summary>
    public SemaphoreSlim Calls { get; } = new(callsInFlightMax);

    /// <summary>Records that are read back for a duplicate window: those of one partition at a time, when a silo takes over many.</summary>
    public SemaphoreSlim ReadingBack { get; } = new(1);
}
