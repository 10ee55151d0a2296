using System.Buffers;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.State;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>
/// The event log on this machine's disk: a folder of segments for each partition, appended to by group commit. One process at a time;
/// a group has one member, which owns every partition.
/// </summary>
public sealed class EventJournal : IEventLog, IAsyncDisposable
{
    private readonly JournalContext _context;
    private readonly FolderLock _lock;
    private readonly JournalCommits _commits;
    private readonly JournalPartition[] _partitions;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task> _groups = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private int _isDisposed;

    private EventJournal(JournalContext context, FolderLock folderLock, JournalCommits commits, JournalPartition[] partitions)
    {
        (_context, _lock, _commits, _partitions) = (context, folderLock, commits, partitions);
        Cuts = [.. partitions.Where(p => p.Cut is not null).Select(p => p.Cut!)];
    }

    /// <inheritdoc/>
    public int PartitionCount => _partitions.Length;

    /// <summary>What recovery cut off the ends of partitions.</summary>
    public IReadOnlyList<TailCut> Cuts { get; }

    /// <summary>Why some partition takes no more; null while all is well.</summary>
    public StorageException? Failure => _partitions.Select(p => p.Failure).FirstOrDefault(f => f is not null);

    /// <summary>Opens the journal, or makes it.</summary>
    /// <exception cref="EventLogException">The folder is in use, was made with another partition count, or a file is damaged.</exception>
    public static EventJournal Open(
        string folder, int partitions, JournalOptions options, TimeProvider clock, StorageMetrics metrics, ILogger logger) =>
        Open(folder, partitions, new JournalContext(options, DiskDevice.Instance, clock, metrics, logger));

    internal static EventJournal Open(string folder, int partitions, JournalContext context)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        var undo = new Stack<Action>();
        try
        {
            var folderLock = FolderLock.Take(folder);
            undo.Push(folderLock.Dispose);
            JournalMetadata.Ensure(context.Device, folder, partitions);
            var found = new JournalPartition[partitions];
            for (var i = 0; i < partitions; i++)
            {
                found[i] = new JournalPartition(JournalMetadata.PartitionFolder(folder, i), context);
                undo.Push(found[i].Abandon);
            }

            var commits = OpenCommits(folder, partitions, context);
            undo.Push(commits.Abandon);
            commits.Load();
            CheckCommits(folder, found, commits);
            return new EventJournal(context, folderLock, commits, found);
        }
        catch (Exception e)
        {
            while (undo.TryPop(out var step))
            {
                step();
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw new EventLogException(e.Message, e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellationToken.ThrowIfCancellationRequested();
        var chosen = ArrayPool<int>.Shared.Rent(Math.Max(1, records.Count));
        try
        {
            await Task.WhenAll(StartAppends(records, chosen, cancellationToken));
        }
        catch (IOException e)
        {
            throw new EventLogException($"The event log took not all of the {records.Count} records: {e.Message}", e);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(chosen);
        }
    }

    /// <inheritdoc/>
    public async Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(consumer);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfClosed();
            if (!_groups.TryAdd(group, ended.Task))
            {
                throw new EventLogException(
                    $"Group '{group}' has a member already, and the embedded log allows one: use another group, or Kafka to share one.");
            }
        }

        try
        {
            await ConsumeAloneAsync(group, consumer, cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _groups.Remove(group);
            }

            ended.SetResult();
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            throw new EventLogException("The event log was closed.");
        }
    }

    /// <summary>Reads and checks every record that is durable now; answers how many there are.</summary>
    /// <exception cref="EventLogException">A file is damaged: which, and where.</exception>
    public Task<long> VerifyAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                return _partitions.Sum(p => p.Verify(cancellationToken));
            }
            catch (IOException e)
            {
                throw new EventLogException(e.Message, e);
            }
        },
        cancellationToken);

    /// <summary>Ends consumers as cancelling does, writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] consumers;
        lock (_gate)
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
            {
                return;
            }

            consumers = [.. _groups.Values];
        }

        await _closing.CancelAsync();
        await Task.WhenAll(consumers);
        foreach (var partition in _partitions)
        {
            await partition.DisposeAsync();
        }

        await _commits.DisposeAsync();
        _lock.Dispose();
        _closing.Dispose();
    }

    internal void Abandon()
    {
        _isDisposed = 1;
        foreach (var partition in _partitions)
        {
            partition.Abandon();
        }

        _commits.Abandon();
        _lock.Dispose();
    }

    private static JournalCommits OpenCommits(string folder, int partitions, JournalContext context)
    {
        var options = new StateStoreOptions { SegmentBytes = 1 << 20, QueueBytes = 1 << 20 };
        return new JournalCommits(
            EmbeddedStateStore.Open(
                Path.Combine(folder, "commits"), "commits", options, context.Device, context.Metrics, context.Logger),
            partitions);
    }

    /// <summary>Only durable records are ever read, so a commit past the end means lost records, whose offsets must not be given out again.</summary>
    private static void CheckCommits(string folder, JournalPartition[] partitions, JournalCommits commits)
    {
        for (var i = 0; i < partitions.Length; i++)
        {
            if (commits.Furthest(i) is { } furthest && furthest.NextOffset > partitions[i].EndOffset)
            {
                throw new EventLogException(
                    $"Partition {i} in '{folder}' ends at offset {partitions[i].EndOffset}, but group '{furthest.Group}' has processed it "
                    + $"up to {furthest.NextOffset}: records are lost. Restore the partition from a copy.");
            }
        }
    }

    /// <summary>Sorts the records by partition, keeping their order, and starts an append for each partition that gets any.</summary>
    private List<Task> StartAppends(IReadOnlyList<LogAppend> records, int[] chosen, CancellationToken cancellationToken)
    {
        var starts = new int[PartitionCount + 1];
        var partitionOf = ArrayPool<int>.Shared.Rent(Math.Max(1, records.Count));
        for (var i = 0; i < records.Count; i++)
        {
            CheckRecord(records[i]);
            partitionOf[i] = Partitioner.PartitionOf(records[i].Key, PartitionCount);
            starts[partitionOf[i] + 1]++;
        }

        for (var p = 0; p < PartitionCount; p++)
        {
            if (starts[p + 1] > 0 && _partitions[p].Failure is { } failure)
            {
                throw failure; // Before anything is written: a broken partition must not make the others take the batch again and again.
            }

            starts[p + 1] += starts[p];
        }

        var next = starts.AsSpan(0, PartitionCount).ToArray();
        for (var i = 0; i < records.Count; i++)
        {
            chosen[next[partitionOf[i]]++] = i;
        }

        ArrayPool<int>.Shared.Return(partitionOf);
        var appends = new List<Task>();
        for (var p = 0; p < PartitionCount; p++)
        {
            if (starts[p + 1] > starts[p])
            {
                var append = new JournalAppend(records, chosen.AsMemory(starts[p]..starts[p + 1]), _context.Clock);
                appends.Add(_partitions[p].AppendAsync(append, cancellationToken));
            }
        }

        return appends;
    }

    private void CheckRecord(in LogAppend record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Key);
        if (record.Value.Length > _context.Options.MaxRecordBytes)
        {
            throw new ArgumentException(
                $"A record of '{record.Key}' has {record.Value.Length} bytes; at most {_context.Options.MaxRecordBytes} are allowed.");
        }
    }

    private async Task ConsumeAloneAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken)
    {
        using var readersEnd = new CancellationTokenSource();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        var readers = _partitions
            .Select((p, i) => new JournalReader(p, i, group, _commits, _context.Options, readersEnd.Token))
            .ToArray();
        await new JournalConsumption(readers, consumer, readersEnd).RunAsync(end.Token);
    }

    private void ThrowIfClosed()
    {
        if (_isDisposed == 1)
        {
            throw new EventLogException("The event log is closed.");
        }
    }
}
