namespace Reco.Silo.Partitions;

/// <summary>Reads one partition of the event log for one group.</summary>
internal interface IPartitionWorker
{
    int Partition { get; }

    /// <summary>Records in the log that it has not done yet.</summary>
    long Lag { get; }

    /// <summary>What went wrong last, while it has not been put right; null when all is well.</summary>
    string? Failure { get; }

    /// <summary>Works until stopped. It does not throw: what fails is reported as <see cref="Failure"/> and tried again.</summary>
    Task RunAsync(CancellationToken stop);
}
