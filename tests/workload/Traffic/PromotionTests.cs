using Reco.Workload.Traffic;

namespace Reco.Workload.Tests.Traffic;

public sealed class PromotionTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 1, 7, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("12:00-13:30", 12 * 60, (13 * 60) + 30, 20)]
    [InlineData("9:05-10:00@5x", (9 * 60) + 5, 10 * 60, 5)]
    [InlineData("23:00-01:00@2.5", 23 * 60, 60, 2.5)]
    public void TryParse_WellFormed_Reads(string text, int from, int until, double factor)
    {
        Assert.True(Promotion.TryParse(text, out var promotion));
        Assert.Equal(new Promotion(TimeOnly.MinValue.AddMinutes(from), TimeOnly.MinValue.AddMinutes(until), factor), promotion);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12:00")]
    [InlineData("12:00-12:00")]
    [InlineData("25:00-26:00")]
    [InlineData("12:00-13:00@")]
    [InlineData("12:00-13:00@-2x")]
    [InlineData("12:00-13:00@5000x")]
    [InlineData("12:00-13:00@NaN")]
    public void TryParse_Malformed_SaysNo(string? text) => Assert.False(Promotion.TryParse(text, out _));

    [Fact]
    public void FactorAt_PromotionOverMidnight_CoversBothSides()
    {
        var schedule = new PromotionSchedule([new Promotion(new TimeOnly(23, 0), new TimeOnly(1, 0), 7)]);

        Assert.Equal(7, schedule.FactorAt(Midnight.AddHours(23.5)));
        Assert.Equal(7, schedule.FactorAt(Midnight.AddHours(0.5)));
        Assert.Equal(1, schedule.FactorAt(Midnight.AddHours(1)));
        Assert.Equal(1, schedule.FactorAt(Midnight.AddHours(22.9)));
    }

    [Fact]
    public void FactorAt_TwoAtOnce_IsTheStronger()
    {
        var schedule = new PromotionSchedule([new Promotion(new TimeOnly(10, 0), new TimeOnly(12, 0), 5)]);
        schedule.Start(Midnight.AddHours(11), TimeSpan.FromHours(2), 3);

        Assert.Equal(5, schedule.FactorAt(Midnight.AddHours(11.5)));
        Assert.Equal(3, schedule.FactorAt(Midnight.AddHours(12.5)));
        Assert.Equal(1, schedule.FactorAt(Midnight.AddHours(13)));
    }

    [Fact]
    public void FactorAt_FactorBelowOne_Slows()
    {
        var schedule = new PromotionSchedule([new Promotion(new TimeOnly(10, 0), new TimeOnly(12, 0), 0.5)]);

        Assert.Equal(0.5, schedule.FactorAt(Midnight.AddHours(11)));
    }
}
