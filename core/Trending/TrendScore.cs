namespace Reco.Core.Trending;

/// <summary>
/// How far a product's activity now is above what its own longer past and the load of the whole shop let expect.
/// <code>
/// baseline = long - short                            what the product does apart from now
/// ratio    = hs / (hl - hs)                          a steady product has short = ratio * baseline, for half-lives hs and hl
/// usual    = ratio * total baseline                  what the whole shop would do now on a usual day
/// k        = K * K / (K + usual)                     a prior that fades as the shop gets a past
/// load     = (total short + k) / (usual + k)
/// expected = ratio * baseline * load                 so the daily curve and a promotion of the whole shop lift nobody
/// s        = max(1, load)
/// score    = (short - expected) / sqrt(expected + prior * s)  *  short / (short + support * s)
/// </code>
/// The first factor is a Poisson z-score with a prior; the second shrinks what rests on little. Prior and support grow with the
/// load: then a load that lifts every product alike multiplies every score by its square root, and the order stays.
/// </summary>
/// <remarks>
/// A shop that has just opened looks like one under an enormous load, for it has no past to tell the two apart: in its first hours
/// all scores are low, bursts still come first, and steady best-sellers fade from the list within nine hours (measured in
/// TrendingBehaviourTests). A product that is new to an old shop counts as trending until a day's past has grown.
/// </remarks>
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
    public double Load(double totalShort, double totalBaseline)
    {
        var usual = _ratio * totalBaseline;
        var prior = _loadPrior * _loadPrior / (_loadPrior + usual);
        return (totalShort + prior) / (usual + prior);
    }

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
