using System.Collections.Concurrent;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>Passes everything on to a clock and remembers for how long each single wait was meant to be.</summary>
internal sealed class TimerRecorder(TimeProvider clock) : TimeProvider
{
    /// <summary>Waits of Task.Delay, in order; periodic timers are none.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan && period == Timeout.InfiniteTimeSpan)
        {
            Waits.Enqueue(dueTime);
        }

        return timer;
    }
}
