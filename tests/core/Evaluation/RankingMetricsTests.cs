using Reco.Core.Evaluation;
using Reco.Core.Ranking;

namespace Reco.Core.Tests.Evaluation;

public sealed class RankingMetricsTests
{
    private static readonly ScoredIndex[] Ranked = [new(7, 5), new(3, 4), new(9, 3), new(1, 2)];

    [Theory]
    [InlineData(new[] { 7 }, 1, 10, 1.0)]                     // first place
    [InlineData(new[] { 3 }, 1, 10, 0.63092975)]              // 1 / log2(3)
    [InlineData(new[] { 7, 9 }, 2, 10, 0.91972079)]           // (1 + 1/2) / (1 + 1 / log2(3))
    [InlineData(new[] { 7, 9 }, 2, 2, 0.61314719)]            // 1 / (1 + 1 / log2(3)): place 3 is beyond k
    [InlineData(new[] { 7, 9 }, 3, 10, 0.70391809)]           // 1.5 / (1 + 1 / log2(3) + 1/2): one is unknown to the model
    [InlineData(new[] { 4 }, 1, 10, 0.0)]
    [InlineData(new int[0], 2, 10, 0.0)]
    public void Ndcg_KnownRanking_IsTheHandComputedValue(int[] relevant, int relevantCount, int k, double expected) =>
        Assert.Equal(expected, RankingMetrics.Ndcg(Ranked, relevant.ToHashSet(), relevantCount, k), 1e-8);

    [Theory]
    [InlineData(new[] { 7, 1 }, 2, 4, 1.0)]
    [InlineData(new[] { 7, 1 }, 2, 3, 0.5)]
    [InlineData(new[] { 7, 3, 9 }, 3, 2, 1.0)]                // all of the 2 places are right
    [InlineData(new[] { 7 }, 4, 20, 0.25)]
    [InlineData(new[] { 5 }, 1, 20, 0.0)]
    public void Recall_KnownRanking_IsTheHandComputedValue(int[] relevant, int relevantCount, int k, double expected) =>
        Assert.Equal(expected, RankingMetrics.Recall(Ranked, relevant.ToHashSet(), relevantCount, k), 1e-12);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData(2, 0)]
    public void Ndcg_BrokenArguments_Throws(int relevantCount, int k)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RankingMetrics.Ndcg(Ranked, new HashSet<int> { 1, 2 }, relevantCount, k));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankingMetrics.Recall(Ranked, new HashSet<int> { 1, 2 }, relevantCount, k));
    }
}
