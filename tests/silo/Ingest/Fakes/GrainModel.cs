using Reco.GrainInterfaces;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>An event as a grain took it.</summary>
internal readonly record struct TakenEvent(int Partition, long Offset, EventType Type, long TimestampMs, string? Other, decimal Revenue, bool Late);

/// <summary>
/// What every user and product grain is to ingest: last applied offset of each partition, what was applied, and a durable copy of
/// both that is written by a flush and read by an activation.
/// </summary>
internal sealed class GrainModel
{
    private readonly Lock _gate = new();
    private Memory _memory = new();
    private Memory _durable = new();

    /// <summary>Its stored state cannot be read.</summary>
    public bool IsQuarantined { get; set; }

    /// <summary>What the present activation knows, by partition and offset.</summary>
    public TakenEvent[] Taken
    {
        get
        {
            lock (_gate)
            {
                return _memory.Sorted();
            }
        }
    }

    /// <summary>What would be known after a crash.</summary>
    public TakenEvent[] Durable
    {
        get
        {
            lock (_gate)
            {
                return _durable.Sorted();
            }
        }
    }

    public bool IsDurable(int partition, long offset)
    {
        lock (_gate)
        {
            return _durable.Contains(partition, offset);
        }
    }

    public ApplyOutcome Apply(int partition, long after, IEnumerable<TakenEvent> events)
    {
        lock (_gate)
        {
            if (IsQuarantined)
            {
                return ApplyOutcome.Quarantined;
            }

            if (_memory.Last(partition) < after)
            {
                return ApplyOutcome.MemoryLost;
            }

            foreach (var taken in events)
            {
                if (taken.Offset > _memory.Last(partition))
                {
                    _memory.Add(taken);
                }
            }

            return ApplyOutcome.Applied;
        }
    }

    public bool Flush(int partition, long expectedOffset)
    {
        lock (_gate)
        {
            if (IsQuarantined)
            {
                return true;
            }

            if (_memory.Last(partition) < expectedOffset)
            {
                return false;
            }

            _durable = _memory.Clone();
            return true;
        }
    }

    /// <summary>The activation is gone without a write; the next call finds what is durable.</summary>
    public void Die()
    {
        lock (_gate)
        {
            _memory = _durable.Clone();
        }
    }

    /// <summary>The activation is collected: it writes first.</summary>
    public void Deactivate()
    {
        lock (_gate)
        {
            _durable = _memory.Clone();
        }
    }

    private sealed class Memory
    {
        private readonly Dictionary<int, long> _last = [];
        private readonly Dictionary<(int, long), TakenEvent> _taken = [];

        public long Last(int partition) => _last.GetValueOrDefault(partition, -1);

        public bool Contains(int partition, long offset) => _taken.ContainsKey((partition, offset));

        public void Add(TakenEvent taken)
        {
            _taken.Add((taken.Partition, taken.Offset), taken);
            _last[taken.Partition] = taken.Offset;
        }

        public TakenEvent[] Sorted() => [.. _taken.Values.OrderBy(t => t.Partition).ThenBy(t => t.Offset)];

        public Memory Clone()
        {
            var clone = new Memory();
            foreach (var (partition, offset) in _last)
            {
                clone._last[partition] = offset;
            }

            foreach (var (place, taken) in _taken)
            {
                clone._taken[place] = taken;
            }

            return clone;
        }
    }
}
