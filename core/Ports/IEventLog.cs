namespace Reco.Core.Ports;

/// <summary>
/// The partitioned, durable, replayable log of events. A record's partition is <see cref="Partitioner.PartitionOf"/> of its key.
/// Safe to use from any thread.
/// </summary>
public interface IEventLog
{
    /// <summary>How many partitions there are; fixed for the life of the log.</summary>
    int PartitionCount { get; }

    /// <summary>
    /// Appends the records, in order within each partition; completes when all are durable.
    /// </summary>
    /// <exception cref="EventLogException">The log cannot take them now; some may have been written.</exception>
    ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken);

    /// <summary>
    /// Reads as a member of <paramref name="group"/> until cancelled, telling <paramref name="consumer"/> which partitions
    /// it owns. On cancellation every owned partition is revoked first.
    /// </summary>
    Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken);
}

/// <summary>A record to append.</summary>
/// <param name="Key">Decides the partition: the user id.</param>
/// <param name="Value">The event, JSON in UTF-8; not changed until the append completes.</param>
public readonly record struct LogAppend(string Key, ReadOnlyMemory<byte> Value);

/// <summary>A record that was read.</summary>
/// <param name="Offset">Place in the partition, from 0; never reused.</param>
/// <param name="AppendedAtMs">When the log took it, milliseconds since the Unix epoch.</param>
/// <param name="Value">The event; valid until the next read of the same reader.</param>
public readonly record struct LogRecord(long Offset, long AppendedAtMs, ReadOnlyMemory<byte> Value);

/// <summary>A committed position of a group in a partition.</summary>
/// <param name="NextOffset">The first offset that is not yet processed.</param>
/// <param name="MaxEventTimeMs">Greatest event time among the processed records, or <see cref="long.MinValue"/> when none.</param>
/// <param name="CommittedAtMs">Clock time of the commit, milliseconds since the Unix epoch.</param>
public readonly record struct CommittedPosition(long NextOffset, long MaxEventTimeMs, long CommittedAtMs);

/// <summary>Takes part in a group.</summary>
public interface IPartitionConsumer
{
    /// <summary>The partition is this member's from now on; return soon, read in the background.</summary>
    Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken);

    /// <summary>The partition goes to another member: checkpoint, commit, stop. It is this member's until the task ends.</summary>
    Task RevokedAsync(int partition, CancellationToken cancellationToken);

    /// <summary>The partition is already another member's: stop. From the task's end on nothing is committed.</summary>
    Task LostAsync(int partition, CancellationToken cancellationToken);
}

/// <summary>One owned partition. Reading is for one task at a time; committing may overlap it.</summary>
public interface IPartitionReader
{
    /// <summary>Its number.</summary>
    int Partition { get; }

    /// <summary>The group's last commit; null before the first.</summary>
    CommittedPosition? Committed { get; }

    /// <summary>The first offset that the log still holds.</summary>
    long FirstOffset { get; }

    /// <summary>The offset that the next appended record gets; the lag is this less the position.</summary>
    long EndOffset { get; }

    /// <summary>Moves to an offset between <see cref="FirstOffset"/> and <see cref="EndOffset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside.</exception>
    void Seek(long offset);

    /// <summary>
    /// At least one and at most <paramref name="maxRecords"/> records, waiting for the first if there is none. The list and the
    /// values are valid until the next call.
    /// </summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken);

    /// <summary>Commits durably.</summary>
    /// <exception cref="EventLogException">It could not be committed.</exception>
    ValueTask CommitAsync(CommittedPosition position, CancellationToken cancellationToken);
}

/// <summary>The event log cannot do what was asked: full, unreachable or damaged.</summary>
public sealed class EventLogException : Exception
{
    /// <summary>With a sentence that says what to do.</summary>
    public EventLogException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
