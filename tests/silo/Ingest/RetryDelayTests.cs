using Reco.Silo.Ingest;
using Reco.Testing;

namespace Reco.Silo.Tests.Ingest;

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
}
