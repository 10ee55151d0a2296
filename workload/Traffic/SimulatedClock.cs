namespace Reco.Workload.Traffic;

/// <summary>
/// The time that events carry. At 1x it is the real time; faster, it starts in the past and runs until it has caught up with the
/// real time, then goes on with it: never past it, since events from the future are refused.
/// </summary>
public sealed class SimulatedClock
{
    private readonly TimeProvider _time;
    private readonly double _factor;
    private readonly DateTimeOffset _start;
    private readonly long _startedAt;

    public SimulatedClock(TimeProvider time, double factor, TimeSpan startAgo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        _time = time;
        _factor = factor;
        _start = factor > 1 ? time.GetUtcNow() - startAgo : time.GetUtcNow();
        _startedAt = time.GetTimestamp();
    }

    /// <summary>The simulated time now.</summary>
    public DateTimeOffset Now => At(_time.GetTimestamp());

    /// <summary>The simulated time at a timestamp of the provider, not later than now.</summary>
    public DateTimeOffset At(long timestamp)
    {
        var simulated = _start + (_time.GetElapsedTime(_startedAt, timestamp) * _factor);
        var real = _time.GetUtcNow() - _time.GetElapsedTime(timestamp);
        return simulated < real ? simulated : real;
    }
}
