using System.Collections.Concurrent;
using System.Threading.Channels;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>Passes everything on to a clock and remembers for how long each single wait was meant to be.</summary>
internal sealed class TimerRecorder(TimeProvider clock) : TimeProvider
{
    private readonly Channel<TimeSpan> _next = Channel.CreateUnbounded<TimeSpan>();

    /// <summary>Waits of Task.Delay and WaitAsync, in order; periodic timers are none.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    /// <summary>The next of the waits that this has not answered with yet, as soon as there is one.</summary>
    public Task<TimeSpan> NextAsync() => _next.Reader.ReadAsync().AsTask().Within("a wait");

    /// <summary>Ends when <see cref="NextAsync"/> would at once.</summary>
    public Task AnyAsync() => _next.Reader.WaitToReadAsync().AsTask();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan && period == Timeout.InfiniteTimeSpan)
        {
            Waits.Enqueue(dueTime);
            Assert.True(_next.Writer.TryWrite(dueTime));
        }

        return timer;
    }
}
