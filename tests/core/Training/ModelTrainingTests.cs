using Reco.Core.Training;

namespace Reco.Core.Tests.Training;

public sealed class ModelTrainingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Run_TooFewUsers_SaysWhatIsMissing()
    {
        var set = TrainingSet.From(TwoTastes(users: 4), Options(), Cancel);

        var result = ModelTraining.Run(set, null, 1, Options(), Cancel);

        Assert.Equal(TrainingDecision.TooLittleData, result.Decision);
        Assert.Contains("4 users", result.Detail, StringComparison.Ordinal);
        Assert.Null(result.Model);
    }

    [Fact]
    public void Run_First_IsPublished()
    {
        var set = TrainingSet.From(TwoTastes(), Options(), Cancel);

        var result = ModelTraining.Run(set, null, 1, Options(), Cancel);

        Assert.Equal(TrainingDecision.Publish, result.Decision);
        Assert.Equal(1, result.Model!.Version);
        Assert.Equal(40, result.Model.ProductIds.Count);
        Assert.InRange(result.HeldOut!.Ndcg, 0.5, 1);
    }

    [Fact]
    public void Run_RowsThatMakeNoSense_AreRefusedAgainstAGoodModel()
    {
        var options = Options();
        var good = ModelTraining.Run(TrainingSet.From(TwoTastes(), options, Cancel), null, 1, options, Cancel);

        // The same users, but what they are trained on says nothing of what is held out of them: nearly no training at all.
        var bad = Options();
        bad.Als.Regularization = 1e5;
        bad.Als.Iterations = 1;
        var result = ModelTraining.Run(TrainingSet.From(TwoTastes(), bad, Cancel), good.Model, 2, bad, Cancel);

        Assert.Equal(TrainingDecision.Refuse, result.Decision);
        Assert.Contains("worse than version 1", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RetrainOnTheSameRows_IsNotWorse()
    {
        var options = Options();
        var first = ModelTraining.Run(TrainingSet.From(TwoTastes(), options, Cancel), null, 1, options, Cancel);

        var second = ModelTraining.Run(TrainingSet.From(TwoTastes(), options, Cancel), first.Model, 2, options, Cancel);

        Assert.Equal(TrainingDecision.Publish, second.Decision);
    }

    [Fact]
    public void From_RowsInAnyOrder_GivesTheSameModel()
    {
        var options = Options();
        var forward = ModelTraining.Run(TrainingSet.From(TwoTastes(), options, Cancel), null, 1, options, Cancel);
        var backward = ModelTraining.Run(TrainingSet.From(TwoTastes().AsEnumerable().Reverse(), options, Cancel), null, 1, options, Cancel);

        Assert.Equal(forward.Model!.ProductIds, backward.Model!.ProductIds);
        Assert.Equal(forward.Model.Items.Values.ToArray(), backward.Model.Items.Values.ToArray());
    }

    [Fact]
    public void From_HeldOutPairs_AreNotTrainedOn()
    {
        var options = Options();
        var rows = TwoTastes();
        var pairs = rows.Sum(row => row.ItemIds.Length);

        var set = TrainingSet.From(rows, options, Cancel);

        Assert.Equal(pairs, set.Matrix.Interactions + set.Cases.Sum(c => c.HeldOut.Length));
        Assert.NotEmpty(set.Cases);
        Assert.All(set.Cases, c => Assert.Empty(c.Known.Select(k => k.Item).Intersect(c.HeldOut)));
    }

    [Fact]
    public void CasesFor_ModelThatKnowsFewerItems_CountsThemAsMissed()
    {
        var set = TrainingSet.From(TwoTastes(), Options(), Cancel);

        var cases = set.CasesFor(_ => -1);

        Assert.All(cases, c =>
        {
            Assert.Empty(c.Known);
            Assert.Empty(c.HeldOut);
            Assert.True(c.HeldOutCount > 0);
        });
    }

    private static TrainingOptions Options()
    {
        var options = new TrainingOptions { HeldOutFraction = 0.2, ProtectedItems = 2 };
        options.Als.Factors = 8;
        options.Als.Iterations = 8;
        return options;
    }

    /// <summary>Half of the users deal with products 0 to 19, half with 20 to 39, each with twelve of them.</summary>
    private static List<GatheredRow> TwoTastes(int users = 200) =>
        [.. Enumerable.Range(0, users).Select(user => new GatheredRow(
            $"u{user:D3}",
            [.. Enumerable.Range(0, 12).Select(i => $"p{(user % 2 * 20) + (((user / 2) + (i * 7)) % 20):D2}")],
            [.. Enumerable.Range(0, 12).Select(i => 1f + (i % 3))]))];
}
