using Reco.Workload.Http;

namespace Reco.Workload.Tests.Http;

public sealed class RetryDelaysTests
{
    private static readonly RetryOptions Options = new() { FirstDelayMs = 100, DelayMsMax = 1_000, GiveUpAfter = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(1, 50, 100)]
    [InlineData(2, 100, 200)]
    [InlineData(4, 400, 800)]
    [InlineData(5, 500, 1_000)]
    [InlineData(1_000, 500, 1_000)]
    public void Next_Attempts_DoubleUpToTheLimitWithJitterInTheUpperHalf(int attempt, double fromMs, double toMs)
    {
        var delays = new RetryDelays(Options);
        var drawn = Enumerable.Range(0, 200).Select(_ => delays.Next(attempt, TimeSpan.Zero)!.Value.TotalMilliseconds).ToArray();

        Assert.All(drawn, ms => Assert.InRange(ms, fromMs, toMs));
        Assert.True(drawn.Max() - drawn.Min() > (toMs - fromMs) * 0.8);
    }

    [Fact]
    public void Next_RetryAfter_IsTheLeast()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), new RetryDelays(Options).Next(1, TimeSpan.Zero, TimeSpan.FromSeconds(7)));
        Assert.True(new RetryDelays(Options).Next(5, TimeSpan.Zero, TimeSpan.Zero) >= TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public void Next_PastTheLimit_GivesUpUnlessThereIsNone()
    {
        Assert.Null(new RetryDelays(Options).Next(9, TimeSpan.FromSeconds(60)));
        Assert.Null(new RetryDelays(Options).Next(1, TimeSpan.Zero, TimeSpan.FromSeconds(61)));
        Assert.NotNull(new RetryDelays(Options with { GiveUpAfter = Timeout.InfiniteTimeSpan }).Next(9, TimeSpan.FromDays(9)));
    }
}
