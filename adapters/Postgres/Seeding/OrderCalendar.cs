namespace Reco.Adapters.Postgres.Seeding;

/// <summary>
/// When orders are made: a shop that grows by half a year over year, sells most before Christmas and least in February, more at weekends,
/// and hardly at night.
/// </summary>
internal sealed class OrderCalendar
{
    public const int Days = 730;

    private static readonly double[] OfMonth = [0.85, 0.75, 0.9, 0.9, 1.0, 0.95, 0.85, 0.8, 0.95, 1.05, 1.6, 1.75];

    private static readonly double[] OfWeekday = [1.25, 0.9, 0.85, 0.85, 0.95, 1.1, 1.3];

    private static readonly double[] OfHour =
        [0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.5, 0.9, 1.2, 1.4, 1.5, 1.6, 1.7, 1.5, 1.4, 1.4, 1.5, 1.7, 2.0, 2.4, 2.6, 2.4, 1.7, 1.0];

    private static readonly WeightedChoice Hours = new(OfHour);

    private readonly int[] _ordersUpTo;

    /// <summary>Deals so many orders to the days before <paramref name="until"/>.</summary>
    public OrderCalendar(int orders, DateOnly until)
    {
        First = until.AddDays(-Days);
        var weights = Enumerable.Range(0, Days).Select(WeightOf).ToArray();
        var sum = weights.Sum();
        var upTo = 0d;

        // Rounding the running sum instead of each day's share makes the days add up to all orders.
        _ordersUpTo = [.. weights.Select(weight => (int)Math.Round(orders * ((upTo += weight) / sum)))];
    }

    public DateOnly First { get; }

    public int OrdersOf(int day) => _ordersUpTo[day] - (day == 0 ? 0 : _ordersUpTo[day - 1]);

    /// <summary>Fills in moments of a day, in microseconds since its midnight, in order.</summary>
    public static void Times(ref SeedingRandom random, Span<long> times)
    {
        foreach (ref var time in times)
        {
            time = ((Hours.Draw(ref random) * 3_600L) + random.Next(3_600)) * 1_000_000 + random.Next(1_000_000);
        }

        times.Sort();
    }

    private double WeightOf(int day)
    {
        var date = First.AddDays(day);
        var growth = Math.Pow(1.5, day / 365.0);
        return growth * OfMonth[date.Month - 1] * OfWeekday[(int)date.DayOfWeek];
    }
}
