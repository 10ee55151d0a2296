using Reco.Workload.Traffic;

namespace Reco.Workload.Tests.Traffic;

public sealed class TrafficPacerTests
{
    // A Wednesday, 07:00: the curve is at 100/s.
    private static readonly DateTimeOffset Start = new(2026, 1, 7, 7, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly ManualTimeProvider _time = new(Start);

    [Fact]
    public void Due_FixedRateInUnevenTicks_LosesNothing()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 333.3 });
        var total = 0L;
        for (var i = 0; i < 1_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1 + (i % 97)));
            total += pacer.Due().Count;
        }

        Assert.Equal((_time.GetUtcNow() - Start).TotalSeconds * 333.3, total, 1.0);
    }

    [Fact]
    public void Due_CurveOverAnHour_IsItsIntegral()
    {
        var pacer = Pacer(new TrafficOptions());
        var total = 0L;
        for (var i = 0; i < 3600 * 2; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            total += pacer.Due().Count;
        }

        // From 100/s to 150/s geometrically: the logarithmic mean, 50 / ln 1.5, for 3,600 s.
        Assert.Equal(3600 * 50 / Math.Log(1.5), total, 30.0);
    }

    [Fact]
    public void Due_TimestampsOverTicks_NeverFallNeverPassTheClock()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 5_000 });
        var last = Start.ToUnixTimeMilliseconds();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(Tick);
            var due = pacer.Due();
            Assert.Equal(250, due.Count);
            for (var place = 0; place < due.Count; place++)
            {
                var at = due.TimestampMs(place);
                Assert.InRange(at, last, _time.GetUtcNow().ToUnixTimeMilliseconds());
                last = at;
            }
        }

        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), last);
    }

    [Fact]
    public void Due_CompressedClock_RunsFromADayAgoCatchesUpAndGoesOnAtOneToOne()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 100, Clock = "60x" });
        Assert.Equal(Start.AddDays(-1), pacer.Now);

        Advance(TimeSpan.FromMinutes(1), pacer);
        Assert.Equal(Start.AddDays(-1).AddHours(1), pacer.Now);

        // 24 h of gap closes at 59 s a second: 24.4 minutes.
        Advance(TimeSpan.FromMinutes(23), pacer);
        Assert.True(pacer.Now < _time.GetUtcNow());
        Advance(TimeSpan.FromMinutes(1), pacer);
        Assert.Equal(_time.GetUtcNow(), pacer.Now);
        Advance(TimeSpan.FromHours(1), pacer);
        Assert.Equal(_time.GetUtcNow(), pacer.Now);
    }

    [Fact]
    public void Due_CompressedClock_KeepsTheRatePerRealSecond()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 100, Clock = "60x" });

        Assert.Equal(6_000, Advance(TimeSpan.FromMinutes(1), pacer).Sum(due => due.Count), 1.0);
    }

    [Fact]
    public void Due_CompressedClock_TakesTheCurveAtTheSimulatedTime()
    {
        var pacer = Pacer(new TrafficOptions { Clock = "60x" });

        // 13 minutes at 60x: from 07:00 to 20:00 of the day before.
        Advance(TimeSpan.FromMinutes(13), pacer);
        Assert.Equal(1_000, pacer.RatePerSecond(pacer.Now), 0.001);
    }

    [Fact]
    public void Due_AfterALongPause_CatchesUpOneSecondAndCountsTheRest()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 100 });
        _time.Advance(TimeSpan.FromMinutes(10));

        var due = pacer.Due();

        Assert.Equal(100, due.Count);
        Assert.Equal(599 * 100, due.Skipped);
        Assert.Equal(_time.GetUtcNow().AddSeconds(-1), due.From);
        Assert.Equal(_time.GetUtcNow(), due.To);
        _time.Advance(Tick);
        Assert.Equal((5, 0L), (pacer.Due().Count, pacer.Due().Skipped));
    }

    [Fact]
    public void Due_CalledAgainAtOnce_IsNothing()
    {
        var pacer = Pacer(new TrafficOptions { RatePerSecond = 100 });

        Assert.Equal((0, 0L), (pacer.Due().Count, pacer.Due().Skipped));
    }

    [Fact]
    public void Due_PromotionOnDemand_MultipliesUntilItEnds()
    {
        var promotions = new PromotionSchedule([]);
        var pacer = new TrafficPacer(_time, new TrafficOptions { BaseRatePerSecond = 100 }, promotions);
        promotions.Start(pacer.Now, TimeSpan.FromSeconds(10), 20);

        Assert.Equal(20_000, Advance(TimeSpan.FromSeconds(10), pacer).Sum(due => due.Count), 40.0);
        Assert.Equal(1_000, Advance(TimeSpan.FromSeconds(10), pacer).Sum(due => due.Count), 5.0);
    }

    private TrafficPacer Pacer(TrafficOptions options) => new(_time, options, new PromotionSchedule(options.DailyPromotions()));

    private List<DueEvents> Advance(TimeSpan by, TrafficPacer pacer)
    {
        var all = new List<DueEvents>();
        for (var moved = TimeSpan.Zero; moved < by; moved += Tick)
        {
            _time.Advance(Tick);
            all.Add(pacer.Due());
        }

        return all;
    }
}
