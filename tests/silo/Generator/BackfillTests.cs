using Reco.Silo.Generator;
using Reco.Workload.Traffic;

namespace Reco.Silo.Tests.Generator;

public sealed class BackfillTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(999, 24)]
    [InlineData(20_000, 72)]
    [InlineData(100_000, 1)]
    [InlineData(5_000, 1.0083)]
    public void Times_AnyCount_AreThatManyAscendingInsideTheSpan(int events, double hours)
    {
        var end = Start + TimeSpan.FromHours(hours);
        var times = Backfill.Times(new LoadCurve(), Start, end, events).ToList();
        Assert.Equal(events, times.Count);
        Assert.Equal(times.Order(), times);
        Assert.InRange(times[0], Start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds() - 1);
        Assert.InRange(times[^1], Start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds() - 1);
    }

    [Fact]
    public void Times_ThreeDaysIntoTheWeekend_AreAsDenseAsTheCurve()
    {
        var start = new DateTimeOffset(2026, 1, 8, 0, 0, 0, TimeSpan.Zero); // A Thursday.
        var curve = new LoadCurve();
        const int Events = 200_000;
        var byHour = Backfill.Times(curve, start, start.AddHours(72), Events)
            .GroupBy(t => (t - start.ToUnixTimeMilliseconds()) / 3_600_000)
            .ToDictionary(g => g.Key, g => g.Count());
        var expected = Enumerable.Range(0, 72)
            .ToDictionary(hour => (long)hour, hour => Enumerable.Range(0, 3600).Sum(s => curve.RatePerSecond(start.AddSeconds((hour * 3600) + s))));
        var total = expected.Values.Sum();
        foreach (var (hour, load) in expected)
        {
            var share = Events * load / total;
            Assert.InRange(byHour[hour], (share * 0.97) - 2, (share * 1.03) + 2);
        }
    }

    [Fact]
    public void Times_NoEvents_IsEmpty() => Assert.Empty(Backfill.Times(new LoadCurve(), Start, Start.AddHours(1), 0));

    [Fact]
    public void Batches_OddCount_HoldEveryTimeOnceInOrder()
    {
        var shoppers = new ShopperSimulator(
            new Support.MemoryCatalogue(50).Products, new ShopperOptions { RunId = "t", Users = 20, OpenSessionsMax = 10 });
        var times = Enumerable.Range(0, 25).Select(i => Start.AddSeconds(i).ToUnixTimeMilliseconds()).ToList();
        var batches = Backfill.Batches(shoppers, times, 10).ToList();
        Assert.Equal([10, 10, 5], batches.Select(b => b.Length));
        Assert.Equal(times, batches.SelectMany(b => b).Select(e => e.TimestampMs));
    }
}
