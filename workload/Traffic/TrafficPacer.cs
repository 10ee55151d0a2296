namespace Reco.Workload.Traffic;

/// <summary>What is due.</summary>
/// <param name="Count">Events to make now.</param>
/// <param name="From">Simulated time after which they lie.</param>
/// <param name="To">Simulated time of the last of them.</param>
/// <param name="Skipped">Events that a pause or a slow sink cost: due, but too long ago.</param>
public readonly record struct DueEvents(int Count, DateTimeOffset From, DateTimeOffset To, long Skipped)
{
    /// <summary>Milliseconds since the Unix epoch of the event at this place (0-based): evenly spread, never falling.</summary>
    public long TimestampMs(int place) =>
        From.ToUnixTimeMilliseconds() + ((To.ToUnixTimeMilliseconds() - From.ToUnixTimeMilliseconds()) * (place + 1) / Count);
}

/// <summary>
/// Decides how many events are due: the integral of the rate over the real time since the last answer, at most
/// <see cref="TrafficOptions.CatchUpMsMax"/> of it. For one thread.
/// </summary>
public sealed class TrafficPacer
{
    /// <summary>The rate is taken as constant over a step this long; it moves by a few per cent in a simulated minute.</summary>
    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly LoadCurve _curve;
    private readonly PromotionSchedule _promotions;
    private readonly SimulatedClock _clock;
    private readonly double? _fixedRate;
    private readonly TimeSpan _catchUpMax;
    private long _answeredAt;
    private DateTimeOffset _answeredUntil;
    private double _carry;
    private double _skippedCarry;

    public TrafficPacer(TimeProvider time, TrafficOptions options, PromotionSchedule promotions)
    {
        _time = time;
        _curve = new LoadCurve(options.BaseRatePerSecond);
        _promotions = promotions;
        _clock = new SimulatedClock(time, options.ClockFactor(), TimeSpan.FromHours(options.StartHoursAgo));
        _fixedRate = options.RatePerSecond;
        _catchUpMax = TimeSpan.FromMilliseconds(options.CatchUpMsMax);
        _answeredAt = time.GetTimestamp();
        _answeredUntil = _clock.Now;
    }

    /// <summary>The simulated time now.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>Events per real second wanted at this simulated time.</summary>
    public double RatePerSecond(DateTimeOffset at) => _fixedRate ?? _curve.RatePerSecond(at, _promotions.FactorAt(at));

    /// <summary>What fell due since the last call.</summary>
    public DueEvents Due()
    {
        var now = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_answeredAt, now);
        var tooLate = elapsed > _catchUpMax ? elapsed - _catchUpMax : TimeSpan.Zero;
        var resumeAt = _answeredAt + (long)(tooLate.TotalSeconds * _time.TimestampFrequency);
        _skippedCarry += Integrate(_answeredAt, resumeAt);
        _carry += Integrate(resumeAt, now);

        var count = (int)_carry;
        _carry -= count;
        var skipped = (long)_skippedCarry;
        _skippedCarry -= skipped;

        // A real clock that was set back must not turn the events' order round.
        var to = Later(_clock.At(now), _answeredUntil);
        var from = tooLate > TimeSpan.Zero ? Later(_clock.At(resumeAt), _answeredUntil) : _answeredUntil;
        _answeredAt = now;
        _answeredUntil = to;
        return new DueEvents(count, from, to, skipped);
    }

    private double Integrate(long from, long to)
    {
        var total = _time.GetElapsedTime(from, to);
        if (total <= TimeSpan.Zero)
        {
            return 0;
        }

        // A pause of days is an estimate in 1,000 steps, not a loop of days.
        var steps = Math.Clamp((int)Math.Ceiling(total / StepMax), 1, 1_000);
        var sum = 0d;
        for (var i = 0; i < steps; i++)
        {
            var middle = from + (long)((to - from) * (i + 0.5) / steps);
            sum += RatePerSecond(_clock.At(middle));
        }

        return sum / steps * total.TotalSeconds;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
