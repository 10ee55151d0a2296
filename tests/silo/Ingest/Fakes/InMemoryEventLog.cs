using System.Collections.Concurrent;
using Reco.Core.Ports;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>What an injected failure does to a call.</summary>
internal enum Fault
{
    None,

    /// <summary>Fails without effect.</summary>
    Before,

    /// <summary>Takes effect, and then fails all the same: the caller cannot know.</summary>
    After,
}

/// <summary>The port in memory, with one member at a time, failures on demand, and a list of what callers did wrong.</summary>
internal sealed class InMemoryEventLog : IEventLog
{
    private readonly InMemoryPartition[] _partitions;
    private readonly TimeProvider _time;
    private IPartitionConsumer? _member;

    public InMemoryEventLog(int partitions, TimeProvider time)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(number => new InMemoryPartition(number, this))];
        _time = time;
    }

    public int PartitionCount => _partitions.Length;

    /// <summary>Asked before each read, with the partition.</summary>
    public Func<int, Fault> OnRead { get; set; } = _ => Fault.None;

    /// <summary>Asked before each commit, with the partition.</summary>
    public Func<int, Fault> OnCommit { get; set; } = _ => Fault.None;

    /// <summary>Awaited at the beginning of each commit, with the partition.</summary>
    public Func<int, Task> BeforeCommit { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a failed commit throws.</summary>
    public Func<Exception> CommitFailure { get; set; } = () => new EventLogException("the commit was made to fail");

    /// <summary>Most records a read returns, whatever was asked for.</summary>
    public Func<int, int> LimitRead { get; set; } = wanted => wanted;

    /// <summary>Told of every commit before it takes effect; answers what is wrong with it, or null.</summary>
    public Func<int, CommittedPosition, string?> CheckCommit { get; set; } = (_, _) => null;

    /// <summary>Everything a caller did that it must not do.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    public InMemoryPartition this[int partition] => _partitions[partition];

    public IReadOnlyList<InMemoryPartition> Partitions => _partitions;

    public ValueTask AppendAsync(IReadOnlyList<LogAppend> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            _partitions[Core.Ports.Partitioner.PartitionOf(record.Key, PartitionCount)].Append(
                record.Value.ToArray(), _time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        return ValueTask.CompletedTask;
    }

    public async Task ConsumeAsync(string group, IPartitionConsumer consumer, CancellationToken cancellationToken)
    {
        _member = consumer;
        try
        {
            foreach (var partition in _partitions)
            {
                await AssignAsync(partition.Number);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The way a consumption ends.
        }
        finally
        {
            await Task.WhenAll(_partitions.Where(p => p.Reader is not null).Select(p => RevokeAsync(p.Number)));
        }
    }

    public Task AssignAsync(int partition) => _member!.AssignedAsync(_partitions[partition].NewReader(), CancellationToken.None);

    public async Task RevokeAsync(int partition)
    {
        try
        {
            await _member!.RevokedAsync(partition, CancellationToken.None);
        }
        finally
        {
            _partitions[partition].Fence();
        }
    }

    /// <summary>The reader still works, as one does that has not heard of it yet; but a commit from now on is a violation.</summary>
    public async Task LoseAsync(int partition)
    {
        await _member!.LostAsync(partition, CancellationToken.None);
        _partitions[partition].Reader!.IsLost = true;
    }

    /// <summary>Cuts the member off, as its death would: nothing that it does from now on has an effect.</summary>
    public void FenceAll()
    {
        foreach (var partition in _partitions)
        {
            partition.Fence(keepReader: true);
        }
    }
}
