using System.Collections.Concurrent;

namespace Reco.Silo.Partitions;

/// <summary>The workers of the partitions that this silo owns in one group: started when assigned, stopped when given up or lost.</summary>
internal sealed class PartitionWorkers<TWorker>
    where TWorker : class, IPartitionWorker
{
    private readonly ConcurrentDictionary<int, Owned> _owned = new();

    /// <summary>Owned partitions.</summary>
    public int Count => _owned.Count;

    /// <summary>Records not done yet, over all owned partitions.</summary>
    public long Lag => _owned.Values.Sum(o => o.Worker.Lag);

    /// <summary>What is wrong, by partition; empty when all is well.</summary>
    public IReadOnlyDictionary<int, string> Failures =>
        _owned.Select(o => (o.Key, o.Value.Worker.Failure)).Where(o => o.Failure is not null).ToDictionary(o => o.Key, o => o.Failure!);

    /// <summary>The owned partitions' workers at this moment.</summary>
    public IReadOnlyCollection<TWorker> Snapshot() => [.. _owned.Values.Select(o => o.Worker)];

    /// <summary>Lag by partition.</summary>
    public IEnumerable<(int Partition, long Lag)> Lags() => _owned.Select(o => (o.Key, o.Value.Worker.Lag));

    /// <summary>The partition's worker, or null when it is not owned.</summary>
    public TWorker? Find(int partition) => _owned.TryGetValue(partition, out var owned) ? owned.Worker : null;

    /// <summary>Lets the worker work, in the background.</summary>
    public void Start(TWorker worker)
    {
        var stop = new CancellationTokenSource();
        var run = Task.Run(() => worker.RunAsync(stop.Token), CancellationToken.None);
        _owned[worker.Partition] = new Owned(worker, stop, run);
    }

    /// <summary>Stops the partition's worker, waits until it has stopped, and answers it.</summary>
    public async Task<TWorker> StopAsync(int partition)
    {
        if (!_owned.TryRemove(partition, out var owned))
        {
            throw new InvalidOperationException($"partition {partition} is not owned here");
        }

        await owned.Stop.CancelAsync();
        await owned.Run;
        owned.Stop.Dispose();
        return owned.Worker;
    }

    private sealed record Owned(TWorker Worker, CancellationTokenSource Stop, Task Run);
}
