namespace Reco.Workload.Traffic;

/// <summary>
/// The promotions of a run: those of every day, and one on demand. When several run at once the strongest counts, so that the
/// peak is known. Safe to use from any thread.
/// </summary>
public sealed class PromotionSchedule(IReadOnlyList<Promotion> daily)
{
    private volatile OnDemand? _onDemand;

    /// <summary>What the load is multiplied by at this instant; 1 when no promotion runs.</summary>
    public double FactorAt(DateTimeOffset at)
    {
        var factor = 1d;
        var any = false;
        foreach (var promotion in daily)
        {
            if (promotion.Covers(at))
            {
                factor = any ? Math.Max(factor, promotion.Factor) : promotion.Factor;
                any = true;
            }
        }

        if (_onDemand is { } started && at >= started.From && at < started.Until)
        {
            factor = any ? Math.Max(factor, started.Factor) : started.Factor;
        }

        return factor;
    }

    /// <summary>Starts a promotion now; it replaces the one on demand that may still run.</summary>
    public void Start(DateTimeOffset from, TimeSpan duration, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, Promotion.FactorMax);
        _onDemand = new OnDemand(from, from + duration, factor);
    }

    private sealed record OnDemand(DateTimeOffset From, DateTimeOffset Until, double Factor);
}
