using Reco.Core.Ingest;
using Reco.Core.Windows;
using Reco.Testing;

namespace Reco.Core.Tests.Ingest;

public sealed class StreamClockTests
{
    private const long Old = 1_291_190_000_000; // December 2010: the replay of an old file.
    private readonly ManualTimeProvider _time = new();

    private long WallMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void NowMs_BeforeAnyEvent_IsTheClocks()
    {
        var clock = new StreamClock(_time);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(WallMs, clock.NowMs);
        Assert.False(clock.HasStarted);
    }

    [Fact]
    public void NowMs_AfterAnEvent_IsItsTimePlusTheTimeSince()
    {
        var clock = new StreamClock(_time);
        _time.Advance(TimeSpan.FromMinutes(1));
        clock.Advance(Old);
        Assert.Equal(Old, clock.NowMs);

        _time.Advance(TimeSpan.FromMinutes(7));

        Assert.Equal(Old + 420_000, clock.NowMs);
        Assert.True(clock.HasStarted);
    }

    [Fact]
    public void Advance_OlderOrPassedTime_IsIgnored()
    {
        var clock = new StreamClock(_time);
        clock.Advance(Old);
        _time.Advance(TimeSpan.FromSeconds(10));

        clock.Advance(Old - 1);
        clock.Advance(Old);
        clock.Advance(Old + 9_999);
        Assert.Equal(Old + 10_000, clock.NowMs);

        clock.Advance(Old + 10_001);
        Assert.Equal(Old + 10_001, clock.NowMs);
    }

    [Fact]
    public void Advance_CompressedClock_FollowsTheEvents()
    {
        var clock = new StreamClock(_time);
        for (var hour = 0; hour < 24; hour++)
        {
            clock.Advance(Old + (hour * 3_600_000));
            Assert.Equal(Old + (hour * 3_600_000), clock.NowMs);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public void Restore_SavedTime_GoesOnFromThere()
    {
        var savedAtMs = WallMs;
        _time.Advance(TimeSpan.FromMinutes(3));
        var clock = new StreamClock(_time);

        clock.Restore(long.MinValue, savedAtMs);
        Assert.False(clock.HasStarted);
        clock.Restore(Old, savedAtMs);
        Assert.Equal(Old + 180_000, clock.NowMs);
        clock.Restore(Old + 500, savedAtMs);
        clock.Restore(Old + 1, savedAtMs);

        Assert.Equal(Old + 180_500, clock.NowMs);
    }

    [Fact]
    public void Restore_ClockSetBackSinceTheSave_DoesNotGoBack()
    {
        var clock = new StreamClock(_time);

        clock.Restore(Old, WallMs + 60_000);

        Assert.Equal(Old, clock.NowMs);
    }

    [Fact]
    public void NowMs_ManyThreadsAdvance_NeverGoesBackAndEndsAtTheGreatest()
    {
        var clock = new StreamClock(_time);
        clock.Advance(Old);
        Parallel.For(0, 8, thread =>
        {
            var before = clock.NowMs;
            for (var i = 0; i < 20_000; i++)
            {
                clock.Advance(Old + ((i * 7919L) + (thread * 104_729L)) % 1_000_003);
                var now = clock.NowMs;
                Assert.True(now >= before);
                before = now;
            }
        });

        var greatest = Enumerable.Range(0, 8).SelectMany(t => Enumerable.Range(0, 20_000).Select(i => ((i * 7919L) + (t * 104_729L)) % 1_000_003)).Max();
        Assert.Equal(Old + greatest, clock.NowMs);
    }

    [Fact]
    public void Advance_TimeOutsideTheCalendar_Throws()
    {
        var clock = new StreamClock(_time);

        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(WindowShape.TimeMsMax + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(long.MinValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Restore(Old, long.MinValue));
        Assert.False(clock.HasStarted);
    }
}
