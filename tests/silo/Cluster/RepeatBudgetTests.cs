using Reco.Silo.Cluster;

namespace Reco.Silo.Tests.Cluster;

public sealed class RepeatBudgetTests
{
    private const int Saved = 1_000;

    [Fact]
    public void TryTake_Fresh_HasWhatAQuietTimeSavesUp() => Assert.Equal(Saved, TakeAll(Budget(percent: 20)));

    [Theory]
    [InlineData(20, 50, 10)]
    [InlineData(100, 7, 7)]
    [InlineData(1, 199, 1)]
    [InlineData(0, 1_000, 0)]
    public void TryTake_AfterCalls_HasTheirShare(int percent, int calls, int expected)
    {
        var budget = Budget(percent);
        TakeAll(budget);
        for (var call = 0; call < calls; call++)
        {
            budget.CountCall();
        }

        Assert.Equal(expected, TakeAll(budget));
    }

    [Fact]
    public void CountCall_ManyQuietHours_SaveUpNoMore()
    {
        var budget = Budget(percent: 100);
        for (var call = 0; call < 5 * Saved; call++)
        {
            budget.CountCall();
        }

        Assert.Equal(Saved, TakeAll(budget));
    }

    [Fact]
    public async Task TryTake_ManyThreads_GiveOutNoMoreThanThereIs()
    {
        var budget = Budget(percent: 20);
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, Saved).Count(_ => budget.TryTake()))));
        Assert.Equal(Saved, taken.Sum());
    }

    private static RepeatBudget Budget(int percent) => new(Microsoft.Extensions.Options.Options.Create(new ClusterOptions { RepeatsPercent = percent }));

    private static int TakeAll(RepeatBudget budget)
    {
        var taken = 0;
        while (budget.TryTake())
        {
            taken++;
        }

        return taken;
    }
}
