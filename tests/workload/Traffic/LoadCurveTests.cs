using Reco.Workload.Traffic;

namespace Reco.Workload.Tests.Traffic;

public sealed class LoadCurveTests
{
    // A Wednesday and a Saturday.
    private static readonly DateTimeOffset Weekday = new(2026, 1, 7, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Weekend = new(2026, 1, 10, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3, 10)]
    [InlineData(7, 100)]
    [InlineData(20, 1_000)]
    [InlineData(0, 150)]
    [InlineData(23, 300)]
    public void RatePerSecond_OnTheHourOfAWeekday_IsTheTable(int hour, double expected) =>
        Assert.Equal(expected, new LoadCurve().RatePerSecond(Weekday.AddHours(hour)), 6);

    [Fact]
    public void RatePerSecond_WeekendEveningInAPromotion_Is32000()
    {
        var promotions = new PromotionSchedule([new Promotion(new TimeOnly(19, 30), new TimeOnly(21, 0))]);
        var peak = Weekend.AddHours(20);

        Assert.Equal(32_000, new LoadCurve().RatePerSecond(peak, promotions.FactorAt(peak)), 6);
    }

    [Fact]
    public void HourFactor_EveryMinuteOfADay_HasItsLowAt3ItsPeakAt20AndNoJumps()
    {
        var factors = Enumerable.Range(0, 24 * 60).Select(minute => LoadCurve.HourFactor(Weekday.AddMinutes(minute))).ToArray();

        Assert.Equal(3 * 60, Array.IndexOf(factors, factors.Min()));
        Assert.Equal(20 * 60, Array.IndexOf(factors, factors.Max()));
        Assert.Equal(0.1, factors.Min(), 9);
        Assert.Equal(10, factors.Max(), 9);
        for (var minute = 0; minute < factors.Length; minute++)
        {
            var ratio = factors[(minute + 1) % factors.Length] / factors[minute];
            Assert.InRange(ratio, 0.95, 1.05);
        }
    }

    [Fact]
    public void HourFactor_HalfWayBetweenTwoHours_IsTheirGeometricMean() =>
        Assert.Equal(Math.Sqrt(0.2 * 0.1), LoadCurve.HourFactor(Weekday.AddHours(2.5)), 9);

    [Fact]
    public void HourFactor_TimeInAnotherZone_IsTakenAsUtc() =>
        Assert.Equal(10, LoadCurve.HourFactor(new DateTimeOffset(2026, 1, 7, 22, 0, 0, TimeSpan.FromHours(2))), 9);

    [Fact]
    public void DayFactor_AWeek_IsHigherOnSaturdayAndSundayOnly()
    {
        var monday = new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal([1, 1, 1, 1, 1, 1.6, 1.6], Enumerable.Range(0, 7).Select(day => LoadCurve.DayFactor(monday.AddDays(day))));
    }
}
