namespace Reco.Core.Trending;

/// <summary>
/// How far a product's activity now is above what its own longer past and the load of the whole shop let expect.
/// <code>
/// baseline = long - short                            what the product does apart from now
/// ratio    = hs / (hl - hs)                          a steady product has short = ratio * baseline, for half-lives hs and hl
/// load     = (total short + K) / (ratio * total baseline + K)
/// expected = ratio * baseline * load                 so the daily curve and a promotion of the whole shop lift nobody
/// s        = max(1, load)
/// score    = (short - expected) / sqrt(expected + prior * s)  *  short / (short + support * s)
/// </code>
/// The first factor is a Poisson z-score with a prior; the second shrinks what rests on little. Prior and support grow with the
/// load: then a load that lifts every product alike multiplies every score by its square root, and the order stays.
/// </summary>
public sealed class TrendScore
{
    private readonly double _ratio;
    private readonly double _loadPrior;
    private readonly double _activityPrior;
    private readonly double _halfSupport;

    /// <summary>From valid options.</summary>
    public TrendScore(TrendingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ratio = options.ShortHalfLife / (options.BaselineHalfLife - options.ShortHalfLife);
        _loadPrior = options.LoadPrior;
        _activityPrior = options.ActivityPrior;
        _halfSupport = options.HalfSupport;
    }

    /// <summary>What the product does apart from now: never negative, whatever rounding left.</summary>
    public static double Baseline(double shortSum, double longSum) => Math.Max(0, longSum - shortSum);

    /// <summary>How busy the shop is against its own past: 1 when it is as usual.</summary>
    public double Load(double totalShort, double totalBaseline) => (totalShort + _loadPrior) / ((_ratio * totalBaseline) + _loadPrior);

    /// <summary>The score, 0 when there is no more activity than expected.</summary>
    public double Of(double shortSum, double longSum, double load)
    {
        var expected = _ratio * Baseline(shortSum, longSum) * load;
        var excess = shortSum - expected;
        if (!(excess > 0))
        {
            return 0;
        }

        var scale = Math.Max(1, load);
        return excess / Math.Sqrt(expected + (_activityPrior * scale)) * (shortSum / (shortSum + (_halfSupport * scale)));
    }
}
