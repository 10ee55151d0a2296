using System.Text.Json;
using FsCheck.Fluent;
using Reco.Core.Tests.Windows;
using Reco.Core.Trending;

namespace Reco.Core.Tests.Trending;

public sealed class DecayedSumTests
{
    private const double HalfLifeMs = 600_000;

    [Fact]
    public void ValueAt_AnyEventsInAnyOrder_IsTheDirectSum()
    {
        var events = from second in Gen.Choose(0, 20_000) from weight in Gen.Choose(0, 50) select (TimeMs: second * 1000L, Weight: weight / 10.0);
        Seeded.Holds(events, 40, list =>
        {
            var shuffled = list.ToArray();
            new Random(list.Length).Shuffle(shuffled);
            var (sum, other) = (Sum(list), Sum(shuffled));
            foreach (var afterMs in new[] { 0L, 1, 600_000, 7_200_000 })
            {
                var nowMs = afterMs + list.Select(e => e.TimeMs).DefaultIfEmpty().Max();
                var direct = list.Sum(e => e.Weight * Math.Pow(0.5, (nowMs - e.TimeMs) / HalfLifeMs));
                Assert.Equal(direct, sum.ValueAt(nowMs, HalfLifeMs), 1e-9 * (1 + direct));
                Assert.Equal(direct, other.ValueAt(nowMs, HalfLifeMs), 1e-9 * (1 + direct));
            }
        });
    }

    [Fact]
    public void ValueAt_BeforeTheNewestEvent_IsNotMore()
    {
        var sum = Sum([(1_000_000, 8)]);

        Assert.Equal(8, sum.ValueAt(1_000_000, HalfLifeMs));
        Assert.Equal(8, sum.ValueAt(0, HalfLifeMs));
        Assert.Equal(8, sum.ValueAt(long.MinValue, HalfLifeMs));
        Assert.Equal(4, sum.ValueAt(1_600_000, HalfLifeMs), 1e-12);
        Assert.Equal(0, sum.ValueAt(long.MaxValue, HalfLifeMs));
    }

    [Fact]
    public void Add_ThirtyYearsOfEvents_StaysFiniteAndRight()
    {
        const long Day = 86_400_000;
        var sum = default(DecayedSum);
        for (var day = 0; day < 30 * 365; day++)
        {
            sum = sum.Add(3, day * Day, 7 * Day);
        }

        // A geometric series: 3 / (1 - 2^(-1/7)).
        Assert.Equal(3 / (1 - Math.Pow(0.5, 1 / 7.0)), sum.Value, 1e-9);
        Assert.Equal(5, sum.Add(5, 400L * 365 * Day, 7 * Day).Value, 1e-12);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -5)]
    [InlineData(1, double.NaN)]
    public void Add_NoSuchWeightOrHalfLife_Throws(double weight, double halfLifeMs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Sum([(0, 1)]).Add(weight, 1, halfLifeMs));

    [Fact]
    public void Serialize_ThenDeserialize_IsTheSame()
    {
        var sum = Sum([(5, 1.5), (70, 2.25)]);

        Assert.Equal(sum, JsonSerializer.Deserialize<DecayedSum>(JsonSerializer.Serialize(sum)));
    }

    private static DecayedSum Sum(IEnumerable<(long TimeMs, double Weight)> events) =>
        events.Aggregate(default(DecayedSum), (sum, e) => sum.Add(e.Weight, e.TimeMs, HalfLifeMs));
}
