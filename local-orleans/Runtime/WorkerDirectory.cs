using System.Collections.Concurrent;
using Orleans.Local.Invocation;

namespace Orleans.Local;

/// <summary>Several activations of a key: a call goes to a free one, else to a new one, else to the one with the fewest calls.</summary>
internal sealed class WorkerDirectory(GrainClass grainClass) : ActivationDirectory
{
    private readonly ConcurrentDictionary<string, Pool> _pools = new();

    public override IEnumerable<Activation> Activations => _pools.Values.SelectMany(pool => pool.Snapshot());

    public override void Deliver(string key, GrainCall call)
    {
        while (true)
        {
            var pool = _pools.GetOrAdd(key, static _ => new Pool());
            if (pool.Choose(grainClass, key) is { } worker && TryDeliver(worker, call))
            {
                return;
            }
        }
    }

    public override void Retire(Activation activation, IReadOnlyList<TurnRequest> left)
    {
        if (_pools.TryGetValue(activation.Key, out var pool) && pool.RemoveLast(activation))
        {
            _pools.TryRemove(new(activation.Key, pool));
        }

        foreach (var call in left.OfType<GrainCall>())
        {
            Deliver(activation.Key, call);
        }
    }

    private sealed class Pool
    {
        private readonly List<Activation> _workers = [];
        private bool _removed;

        public Activation[] Snapshot()
        {
            lock (_workers)
            {
                return [.. _workers];
            }
        }

        /// <summary>Null when the pool is out of the directory.</summary>
        public Activation? Choose(GrainClass grainClass, string key)
        {
            lock (_workers)
            {
                if (_removed)
                {
                    return null;
                }

                var best = _workers.MinBy(worker => worker.Load);
                if (best is null || (best.Load > 0 && _workers.Count < grainClass.MaxWorkers))
                {
                    best = new Activation(grainClass, key);
                    _workers.Add(best);
                }

                return best;
            }
        }

        /// <summary>True when it was the last worker.</summary>
        public bool RemoveLast(Activation worker)
        {
            lock (_workers)
            {
                _workers.Remove(worker);
                return _removed = _workers.Count == 0;
            }
        }
    }
}
