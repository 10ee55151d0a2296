namespace Reco.Workload.Traffic;

/// <summary>
/// How many events a shop makes each second at an instant:
/// base rate x hour of the day x day of the week x promotion. All times are UTC.
/// </summary>
public sealed class LoadCurve
{
    /// <summary>Events per second when every factor is 1.</summary>
    public const double DefaultBaseRatePerSecond = 100;

    /// <summary>Factor on Saturday and Sunday; the other days have 1.</summary>
    public const double WeekendFactor = 1.6;

    /// <summary>Factor while a promotion runs, unless it states its own.</summary>
    public const double DefaultPromotionFactor = 20;

    /// <summary>
    /// The factor on each full hour: the night's low of 0.1 at 03:00, a plateau around lunch, the evening's peak of 10 at 20:00.
    /// </summary>
    private static readonly double[] ByHour =
    [
        1.5, 0.6, 0.2, 0.1, 0.15, 0.3, // 00:00 - 05:00
        0.6, 1.0, 1.5, 2.0, 2.6, 3.2, // 06:00 - 11:00
        4.0, 3.8, 3.5, 3.6, 4.2, 5.2, // 12:00 - 17:00
        7.0, 9.0, 10.0, 8.0, 5.0, 3.0, // 18:00 - 23:00
    ];

    private readonly double _basePerSecond;

    /// <summary>A curve over the base rate.</summary>
    public LoadCurve(double baseRatePerSecond = DefaultBaseRatePerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baseRatePerSecond);
        _basePerSecond = baseRatePerSecond;
    }

    /// <summary>Events per second at this instant.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="promotionFactor">What <see cref="PromotionSchedule.FactorAt"/> says; 1 when no promotion runs.</param>
    public double RatePerSecond(DateTimeOffset at, double promotionFactor = 1) =>
        _basePerSecond * HourFactor(at) * DayFactor(at) * promotionFactor;

    /// <summary>
    /// The table on the full hour; between two hours geometric, so that a load that grows tenfold in an hour grows by an equal
    /// share each minute and never leaves the span of its two hours.
    /// </summary>
    public static double HourFactor(DateTimeOffset at)
    {
        var hours = at.UtcDateTime.TimeOfDay.TotalHours;
        var hour = (int)hours;
        var from = ByHour[hour];
        var to = ByHour[(hour + 1) % ByHour.Length];
        return from * Math.Pow(to / from, hours - hour);
    }

    /// <summary>1 on a weekday, <see cref="WeekendFactor"/> on Saturday and Sunday.</summary>
    public static double DayFactor(DateTimeOffset at) =>
        at.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendFactor : 1;
}
