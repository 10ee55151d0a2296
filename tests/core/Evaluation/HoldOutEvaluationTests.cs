using Reco.Core.Als;
using Reco.Core.Evaluation;
using Reco.Core.Tests.Als;

namespace Reco.Core.Tests.Evaluation;

public sealed class HoldOutEvaluationTests
{
    [Fact]
    public void Evaluate_KnownScores_IsTheHandComputedValue()
    {
        HoldOutCase[] cases =
        [
            new([new(0, 1)], [1], 1),          // 0 is known and not ranked: 1 comes first
            new([new(1, 1)], [3], 1),          // 0, 2, 3: third
            new([new(1, 1)], [2], 2),          // second, and one unknown to the model
        ];

        var scores = HoldOutEvaluation.Evaluate(
            4, cases, (_, target) => new float[] { 4, 3, 2, 1 }.CopyTo(target), TestContext.Current.CancellationToken);

        var expected = new[] { 1, 0.5, 1 / Math.Log2(3) / (1 + 1 / Math.Log2(3)) };
        Assert.Equal(expected, scores.NdcgPerUser);
        Assert.Equal([1, 1, 0.5], scores.RecallPerUser);
        Assert.Equal(expected.Average(), scores.Ndcg, 1e-12);
        Assert.Equal(2.5 / 3, scores.Recall, 1e-12);
    }

    [Fact]
    public void Evaluate_NoCases_IsZero()
    {
        var scores = HoldOutEvaluation.Evaluate(SampleData.Factors(3, 8, seed: 1), [], TestContext.Current.CancellationToken);

        Assert.Equal((0.0, 0.0), (scores.Ndcg, scores.Recall));
    }

    [Fact]
    public void Evaluate_HiddenTastes_BeatsPopularityTwofold()
    {
        var shop = TasteShop.Create(users: 500, items: 200, tastes: 8, seed: 11);

        var model = AlsTrainer.Train(shop.Training, new AlsOptions(), null, TestContext.Current.CancellationToken);
        var als = HoldOutEvaluation.Evaluate(model.Items, shop.Cases, TestContext.Current.CancellationToken);
        var popular = HoldOutEvaluation.Evaluate(
            200, shop.Cases, (_, scores) => shop.Popularity.CopyTo(scores), TestContext.Current.CancellationToken);

        TestContext.Current.SendDiagnosticMessage($"ALS {als.Ndcg:f4} {als.Recall:f4}, popularity {popular.Ndcg:f4} {popular.Recall:f4}");
        Assert.True(shop.Cases.Count > 300);
        Assert.True(als.Ndcg > 2 * popular.Ndcg, $"NDCG@10 {als.Ndcg:f4} against {popular.Ndcg:f4}");
        Assert.True(als.Recall > 1.5 * popular.Recall, $"Recall@20 {als.Recall:f4} against {popular.Recall:f4}");
    }

    [Fact]
    public void Evaluate_UntrainedModel_IsRefusedAgainstATrainedOne()
    {
        var shop = TasteShop.Create(users: 500, items: 200, tastes: 8, seed: 12);
        var options = new AlsOptions { Factors = 16, Iterations = 4 };
        var trained = AlsTrainer.Train(shop.Training, options, null, TestContext.Current.CancellationToken);

        var good = HoldOutEvaluation.Evaluate(trained.Items, shop.Cases, TestContext.Current.CancellationToken);
        var bad = HoldOutEvaluation.Evaluate(SampleData.Factors(200, 16, seed: 1), shop.Cases, TestContext.Current.CancellationToken);

        Assert.True(PairedComparison.Of(good.NdcgPerUser, bad.NdcgPerUser).IsWorse(0.01));
        Assert.False(PairedComparison.Of(bad.NdcgPerUser, good.NdcgPerUser).IsWorse(0.01));
    }

    [Fact]
    public void Evaluate_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            HoldOutEvaluation.Evaluate(SampleData.Factors(3, 8, seed: 1), [new([new(0, 1)], [1], 1)], source.Token));
    }
}
