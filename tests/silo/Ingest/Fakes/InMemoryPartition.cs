using Reco.Core.Ports;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>Records, the commit, and the present reader of one partition.</summary>
internal sealed class InMemoryPartition(int number, InMemoryEventLog log)
{
    private readonly Lock _gate = new();
    private readonly List<(byte[] Value, long AppendedAtMs)> _records = [];
    private readonly List<CommittedPosition> _commits = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number => number;

    public InMemoryEventLog Log => log;

    public InMemoryReader? Reader { get; private set; }

    public long EndOffset
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    public CommittedPosition? Committed
    {
        get
        {
            lock (_gate)
            {
                return _commits.Count == 0 ? null : _commits[^1];
            }
        }
    }

    /// <summary>Every commit that took effect, in order.</summary>
    public IReadOnlyList<CommittedPosition> Commits
    {
        get
        {
            lock (_gate)
            {
                return [.. _commits];
            }
        }
    }

    public long CommittedOffset => Committed?.NextOffset ?? 0;

    public InMemoryReader NewReader() => Reader = new InMemoryReader(this);

    public void Append(byte[] value, long appendedAtMs)
    {
        lock (_gate)
        {
            _records.Add((value, appendedAtMs));
        }

        Wake();
    }

    public void Fence(bool keepReader = false)
    {
        if (Reader is not null)
        {
            Reader.IsFenced = true;
            Wake();
        }

        Reader = keepReader ? Reader : null;
    }

    public IReadOnlyList<(byte[] Value, long AppendedAtMs)> Snapshot()
    {
        lock (_gate)
        {
            return [.. _records];
        }
    }

    public (byte[] Value, long AppendedAtMs) At(long offset)
    {
        lock (_gate)
        {
            return _records[(int)offset];
        }
    }

    public Task Changed()
    {
        lock (_gate)
        {
            return _changed.Task;
        }
    }

    public void Commit(CommittedPosition position)
    {
        lock (_gate)
        {
            _commits.Add(position);
        }
    }

    /// <summary>A reader that waits for a record looks again, and fails if it is to.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
