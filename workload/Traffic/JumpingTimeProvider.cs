namespace Reco.Workload.Traffic;

/// <summary>
/// A clock that does not wait: each wait moves it to its end at once. Makes a file of an hour's events in seconds, with the pacing
/// code that a live run uses. For one task.
/// </summary>
internal sealed class JumpingTimeProvider(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
        {
            throw new NotSupportedException("a clock that jumps has no periodic timers");
        }

        var timer = new Jump(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Jump(JumpingTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                owner._now += dueTime;
                callback(state);
            }

            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
