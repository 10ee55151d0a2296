using Reco.Silo.Partitions;
using Reco.Silo.Tests.Ingest.Fakes;
using Reco.Testing;

namespace Reco.Silo.Tests.Partitions;

public sealed class RetryDelayTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task WaitAsync_AgainAndAgain_DoublesUpToTheBound()
    {
        var delay = new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), _time);
        foreach (var seconds in new[] { 1, 2, 4, 6, 6, 6 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), delay.Next);
            var waiting = delay.WaitAsync(TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.False(waiting.IsCompleted);
            _time.Advance(TimeSpan.FromTicks(1));
            await waiting.Within("the wait");
        }
    }

    [Fact]
    public async Task Reset_AfterFailures_BeginsAnew()
    {
        var delay = new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), _time);
        var waiting = delay.WaitAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        await waiting.Within("the wait");
        Assert.Equal(TimeSpan.FromSeconds(2), delay.Next);
        delay.Reset();
        Assert.Equal(TimeSpan.FromSeconds(1), delay.Next);
    }

    [Fact]
    public async Task WaitAsync_Stopped_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var waiting = new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), _time).WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("the wait"));
    }

    [Fact]
    public void Next_FirstBeyondTheBound_IsTheBound() =>
        Assert.Equal(TimeSpan.FromSeconds(6), new RetryDelay(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(6), _time).Next);

    /// <summary>Two workers of the same age, two seeds: neither waits below half of the bound nor above it, and not both the same.</summary>
    [Fact]
    public async Task WaitAsync_WithJitter_DrawsTheUpperHalf()
    {
        var recorded = new TimerRecorder(_time);
        foreach (var seed in Enumerable.Range(0, 50))
        {
            var waiting = new RetryDelay(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6), recorded, new Random(seed)).WaitAsync(TestContext.Current.CancellationToken);
            _time.Advance(TimeSpan.FromSeconds(2));
            await waiting.Within("the wait");
        }

        Assert.All(recorded.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Assert.True(recorded.Waits.Distinct().Count() > 40, "the waits are hardly drawn");
    }
}
