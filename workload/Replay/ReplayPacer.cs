namespace Reco.Workload.Replay;

/// <summary>When an event is due at a given speed: the first one now, the others as far after it as their time stamps, divided.</summary>
internal sealed class ReplayPacer(TimeProvider time, double? speed)
{
    /// <summary>Events due within this are sent together rather than one by one.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(20);

    private long _startedAt;
    private long? _firstMs;

    /// <summary>How long to wait before sending it; zero when it is due, or due soon.</summary>
    public TimeSpan DelayBefore(long timestampMs)
    {
        if (speed is not { } factor)
        {
            return TimeSpan.Zero;
        }

        if (_firstMs is not { } firstMs)
        {
            _firstMs = timestampMs;
            _startedAt = time.GetTimestamp();
            return TimeSpan.Zero;
        }

        var dueAfter = TimeSpan.FromMilliseconds((timestampMs - firstMs) / factor);
        var delay = dueAfter - time.GetElapsedTime(_startedAt);
        return delay > Together ? delay : TimeSpan.Zero;
    }
}
