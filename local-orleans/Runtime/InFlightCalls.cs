using Orleans.Local.Invocation;

namespace Orleans.Local;

/// <summary>
/// The calls that wait for an answer, oldest first. All have the same time-out, so only the oldest of each shard can be due, and one
/// timer for all of them is enough; it rests while nothing is in flight.
/// </summary>
internal sealed class InFlightCalls : IDisposable
{
    private readonly Shard[] _shards;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private long _timedOut;
    private int _armed;

    public InFlightCalls(TimeProvider clock, TimeSpan timeout)
    {
        _clock = clock;
        _timeout = timeout;

        // 16 locks are enough for the threads of one machine to miss each other.
        _shards = [.. Enumerable.Range(0, 16).Select(_ => new Shard())];
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = clock.CreateTimer(
                static calls => ((InFlightCalls)calls!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Calls ever sent.</summary>
    public long Sent => _shards.Sum(shard => Volatile.Read(ref shard.Sent));

    /// <summary>Calls that were not answered in time.</summary>
    public long TimedOut => Volatile.Read(ref _timedOut);

    public void Add(GrainCall call)
    {
        var shard = _shards[Environment.CurrentManagedThreadId & (_shards.Length - 1)];
        call.Shard = shard;
        lock (shard.Gate)
        {
            shard.Append(call);
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _armed) == 0)
        {
            Arm(_timeout);
        }
    }

    public void Remove(GrainCall call)
    {
        if (call.Shard is { } shard)
        {
            lock (shard.Gate)
            {
                shard.Unlink(call);
            }
        }
    }

    /// <summary>Refuses every call that is still in flight.</summary>
    public void RefuseAll(Func<GrainCall, Exception> reason)
    {
        foreach (var call in TakeDue(long.MaxValue))
        {
            call.Refuse(reason(call));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        foreach (var call in TakeDue(_clock.GetTimestamp()))
        {
            Interlocked.Increment(ref _timedOut);
            call.TimeOut();
        }

        Volatile.Write(ref _armed, 0);
        Interlocked.MemoryBarrier();
        if (OldestSentAt() is { } oldest)
        {
            var left = _timeout - _clock.GetElapsedTime(oldest, _clock.GetTimestamp());
            Arm(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    private void Arm(TimeSpan due)
    {
        if (Interlocked.CompareExchange(ref _armed, 1, 0) == 0)
        {
            // Timers count whole milliseconds: rounded up, the oldest call is due when it fires.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(due.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private List<GrainCall> TakeDue(long now)
    {
        var due = new List<GrainCall>();
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                while (shard.Oldest is { } call && (now == long.MaxValue || _clock.GetElapsedTime(call.SentAt, now) >= _timeout))
                {
                    shard.Unlink(call);
                    due.Add(call);
                }
            }
        }

        return due;
    }

    private long? OldestSentAt()
    {
        long? oldest = null;
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                if (shard.Oldest is { } call && !(oldest <= call.SentAt))
                {
                    oldest = call.SentAt;
                }
            }
        }

        return oldest;
    }

    /// <summary>A doubly linked list of calls with a lock of its own.</summary>
    internal sealed class Shard
    {
        public long Sent;
        private GrainCall? _youngest;

        public Lock Gate { get; } = new();

        public GrainCall? Oldest { get; private set; }

        public void Append(GrainCall call)
        {
            Sent++;
            call.Older = _youngest;
            if (_youngest is null)
            {
                Oldest = call;
            }
            else
            {
                _youngest.Younger = call;
            }

            _youngest = call;
        }

        /// <summary>Takes the call out; nothing happens when it is out already.</summary>
        public void Unlink(GrainCall call)
        {
            if (call.Shard is null)
            {
                return;
            }

            if (call.Older is null)
            {
                Oldest = call.Younger;
            }
            else
            {
                call.Older.Younger = call.Younger;
            }

            if (call.Younger is null)
            {
                _youngest = call.Older;
            }
            else
            {
                call.Younger.Older = call.Older;
            }

            call.Shard = null;
            call.Older = null;
            call.Younger = null;
        }
    }
}
