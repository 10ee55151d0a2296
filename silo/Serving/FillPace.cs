namespace Reco.Silo.Serving;

/// <summary>
/// How many users a round of filling may have. Shoppers come first: how long users take to compute says how busy the cores are, for most of it
/// is waiting for one then, and filling takes no more than its share of the time, however few users that are, but for one a round.
/// </summary>
internal sealed class FillPace(ServingFillOptions options)
{
    /// <summary>Weight of a new round in the mean: what was long ago says little.</summary>
    private const double Freshness = 0.5;

    private double _allowance;
    private double? _secondsAUser;

    /// <summary>Users of the round that begins now, so long after the last one.</summary>
    public int Next(TimeSpan since)
    {
        // What was not used is not saved up, but for the part of a user.
        var affordable = _secondsAUser is { } seconds ? Math.Max(options.TimeShareMax / seconds, 1 / options.IntervalSeconds) : double.PositiveInfinity;
        var perSecond = Math.Min(options.UsersPerSecondMax, affordable);
        _allowance = Math.Min((_allowance % 1) + (perSecond * since.TotalSeconds), Math.Max(1, perSecond * options.IntervalSeconds * 2));
        var users = (int)_allowance;
        _allowance -= users;
        return users;
    }

    /// <summary>Users were computed, in this time when it is added up over all of them.</summary>
    public void Took(TimeSpan time, int users)
    {
        // What took no time that a clock could see is as good as a tick of it.
        var seconds = Math.Max(time.TotalSeconds, TimeSpan.FromTicks(1).TotalSeconds) / users;
        _secondsAUser = _secondsAUser is { } before ? before + (Freshness * (seconds - before)) : seconds;
    }
}
