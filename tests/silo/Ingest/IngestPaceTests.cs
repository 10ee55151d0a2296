using Reco.Silo.Ingest;
using Reco.Silo.Partitions;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

public sealed class IngestPaceTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task NextAsync_NothingTookTime_DoesNotWait()
    {
        var pace = Pace();
        pace.Took(TimeSpan.Zero, isBehind: false);
        Assert.Equal(TimeSpan.Zero, pace.Interval);
        await pace.NextAsync(CancellationToken.None);
    }

    /// <summary>Half of the time: batches that take 30 ms may begin every 60, of the powers of two every 32.</summary>
    [Theory]
    [InlineData(0.4, 0)]
    [InlineData(0.6, 1)]
    [InlineData(3, 4)]
    [InlineData(30, 32)]
    [InlineData(130, 256)]
    [InlineData(100_000, 512)]
    public void Interval_BatchesTakeSoLong_IsThePowerOfTwoThatTheShareAsksFor(double batchMs, double intervalMs)
    {
        var pace = Pace();
        Settle(pace, batchMs);
        Assert.Equal(TimeSpan.FromMilliseconds(intervalMs), pace.Interval);
    }

    [Fact]
    public void Interval_LoadIsOver_IsSoonShortAgain()
    {
        var pace = Pace();
        Settle(pace, 200);
        Settle(pace, 0.1);
        Assert.Equal(TimeSpan.Zero, pace.Interval);
    }

    [Fact]
    public void Interval_BoundIsZero_NeverWaits()
    {
        var pace = new IngestPace(0.5, TimeSpan.Zero, new CommonTimes(TimeSpan.Zero, _time));
        Settle(pace, 1_000);
        Assert.Equal(TimeSpan.Zero, pace.Interval);
    }

    /// <summary>Half of 512 ms suffices for one; all of them are twice that.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(256, 2)]
    [InlineData(384, 5)]
    [InlineData(512, 8)]
    [InlineData(5_000, 8)]
    public void CallsOf_BatchesTakeSoLong_IsMoreThanOneACoreBeyondTheShareOfTheLongestInterval(double batchMs, int calls)
    {
        var pace = Pace();
        Settle(pace, batchMs);
        Assert.Equal(calls, pace.CallsOf(cores: 2, perCoreMax: 4));
    }

    [Fact]
    public void CallsOf_ABacklog_IsAllOfThemUntilItIsOver()
    {
        var pace = Pace();
        Settle(pace, 1, isBehind: true);
        Assert.Equal(8, pace.CallsOf(cores: 2, perCoreMax: 4));
        Settle(pace, 1);
        Assert.Equal(2, pace.CallsOf(cores: 2, perCoreMax: 4));
    }

    [Fact]
    public void CallsOf_ABacklogThatIsOverForAHundredBatches_LeavesNoMoreCalls()
    {
        var pace = Pace();
        Settle(pace, 1, isBehind: true);
        for (var batch = 0; batch < 100; batch++)
        {
            pace.Took(TimeSpan.FromMilliseconds(1), isBehind: false);
        }

        Assert.Equal(2, pace.CallsOf(cores: 2, perCoreMax: 4));
    }

    [Fact]
    public void CallsOf_NeverWaiting_IsAllOfThem()
    {
        var pace = new IngestPace(0.5, TimeSpan.Zero, new CommonTimes(TimeSpan.Zero, _time));
        Assert.Equal(8, pace.CallsOf(cores: 2, perCoreMax: 4));
    }

    [Fact]
    public void CallsOf_AllOfTheTimeAllowed_IsOneACoreUntilThereIsABacklog()
    {
        var pace = new IngestPace(1, TimeSpan.FromMilliseconds(512), new CommonTimes(TimeSpan.Zero, _time));
        Settle(pace, 5_000);
        Assert.Equal(2, pace.CallsOf(cores: 2, perCoreMax: 4));
        Settle(pace, 5_000, isBehind: true);
        Assert.Equal(8, pace.CallsOf(cores: 2, perCoreMax: 4));
    }

    [Fact]
    public async Task NextAsync_CallsAtDifferentTimes_EndTogether()
    {
        var pace = Pace();
        Settle(pace, 33);
        Assert.Equal(TimeSpan.FromMilliseconds(64), pace.Interval);
        _time.Advance(TimeSpan.FromMilliseconds(64 - ((_time.GetUtcNow().Ticks / TimeSpan.TicksPerMillisecond) % 64) + 10));
        var early = pace.NextAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(40));
        var late = pace.NextAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(13));
        Assert.Equal((false, false), (early.IsCompleted, late.IsCompleted));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(early, late).Within("the common time");
    }

    [Fact]
    public async Task NextAsync_Cancelled_Ends()
    {
        var pace = Pace();
        Settle(pace, 100);
        using var stop = new CancellationTokenSource();
        var waiting = pace.NextAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the wait"));
    }

    private static void Settle(IngestPace pace, double batchMs, bool isBehind = false)
    {
        for (var i = 0; i < 400; i++)
        {
            pace.Took(TimeSpan.FromMilliseconds(batchMs), isBehind);
        }
    }

    private IngestPace Pace() => new(0.5, TimeSpan.FromMilliseconds(512), new CommonTimes(TimeSpan.Zero, _time));
}
