using Reco.Core.Als;
using Reco.Core.Ranking;

namespace Reco.Core.Tests.Als;

public sealed class FoldInTests
{
    private static readonly AlsOptions Options = new()
    {
        Factors = 32,
        UnobservedWeight = 0.2,
        Regularization = 0.02,
        ConfidenceAlpha = 0.5,
    };

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(90)]
    public void Solve_History_EqualsTheOracle(int length)
    {
        var items = SampleData.Factors(120, 32, seed: 1, FoldInParameters.From(Options));
        var history = History(length, 120);
        var userVector = new float[32];

        FoldIn.Solve(items, history, userVector);

        var dense = NaiveAls.Dense(SampleData.Of(120, history), Options);
        var expected = NaiveAls.HalfSweep(dense, NaiveAls.Rows(items.Values, 32), Options);
        Assert.InRange(SampleData.RelativeError(userVector, expected), 0, 1e-6);
    }

    [Fact]
    public void Solve_TrainingRow_GivesTheTrainedUser()
    {
        var matrix = SampleData.Random(users: 80, items: 70, density: 0.3, seed: 9);
        var model = AlsTrainer.Train(matrix, Options, null, TestContext.Current.CancellationToken);
        var userVector = new float[32];
        for (var user = 0; user < matrix.Users; user++)
        {
            FoldIn.Solve(model.Items, SampleData.Row(matrix, user), userVector);

            Assert.InRange(SampleData.RelativeError(userVector, NaiveAls.Rows(model.UserVector(user), 32)), 0, 1e-4);
        }
    }

    [Fact]
    public void Solve_EmptyHistory_IsZero()
    {
        var userVector = Enumerable.Repeat(7f, 32).ToArray();

        FoldIn.Solve(SampleData.Factors(5, 32, seed: 1), [], userVector);

        Assert.All(userVector, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Solve_AnotherOrder_GivesTheSameUser()
    {
        var items = SampleData.Factors(60, 32, seed: 1, FoldInParameters.From(Options));
        var history = History(40, 60);
        var (forward, backward) = (new float[32], new float[32]);

        FoldIn.Solve(items, history, forward);
        FoldIn.Solve(items, history.Reverse().ToArray(), backward);

        Assert.InRange(SampleData.RelativeError(backward, NaiveAls.Rows(forward, 32)), 0, 1e-6);
    }

    [Fact]
    public void Solve_Warm_AllocatesNothing()
    {
        var items = SampleData.Factors(60, 32, seed: 1);
        var history = History(40, 60);
        var userVector = new float[32];
        FoldIn.Solve(items, history, userVector);

        var before = GC.GetAllocatedBytesForCurrentThread();
        FoldIn.Solve(items, history, userVector);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Solve_ModelsOfDifferentSizesInTurn_DoNotDisturbEachOther()
    {
        var history = History(4, 10);
        var (small, large) = (SampleData.Factors(10, 8, seed: 1), SampleData.Factors(10, 32, seed: 1));
        var (first, other, again) = (new float[8], new float[32], new float[8]);

        FoldIn.Solve(small, history, first);
        FoldIn.Solve(large, history, other);
        FoldIn.Solve(small, history, again);

        Assert.Equal(first, again);
    }

    [Theory]
    [InlineData(5, 1f)]
    [InlineData(-1, 1f)]
    [InlineData(0, 1f)]
    [InlineData(1, 0f)]
    [InlineData(1, float.NaN)]
    public void Solve_BrokenHistory_Throws(int item, float weight)
    {
        var items = SampleData.Factors(5, 8, seed: 1);

        Assert.Throws<ArgumentException>(() => FoldIn.Solve(items, [new(0, 1), new(item, weight)], new float[8]));
    }

    [Fact]
    public void Solve_VectorOfAnotherLength_Throws() =>
        Assert.Throws<ArgumentException>(() => FoldIn.Solve(SampleData.Factors(5, 8, seed: 1), [new(0, 1)], new float[16]));

    [Theory]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(90)]
    public void Explain_History_SumsToTheScore(int length)
    {
        var items = SampleData.Factors(120, 32, seed: 2, FoldInParameters.From(Options));
        var history = History(length, 120);
        var userVector = new float[32];
        FoldIn.Solve(items, history, userVector);
        var scores = new float[120];
        Scorer.ScoreAll(items, userVector, scores);
        var contributions = new double[length];
        var fold = FoldIn.Of(items, history);
        for (var item = 0; item < items.Count; item++)
        {
            fold.Explain(item, contributions);

            Assert.Equal(scores[item], contributions.Sum(), 1e-4 * Math.Max(Math.Abs(scores[item]), 0.01));
        }
    }

    [Fact]
    public void Explain_TwoGroups_NamesTheItemOfTheSameGroup()
    {
        // Items 0 and 1 point one way, 2 and 3 another.
        var values = new float[4 * 8];
        (values[0], values[8], values[8 + 2]) = (1f, 0.9f, 0.1f);
        (values[16 + 1], values[24 + 1], values[24 + 3]) = (1f, 0.9f, 0.1f);
        var items = new ItemFactors(4, 8, values, FoldInParameters.From(Options));
        var contributions = new double[2];

        FoldIn.Of(items, [new(2, 1), new(0, 1)]).Explain(item: 1, contributions);

        Assert.True(contributions[1] > 0.3);
        Assert.InRange(contributions[0], -0.01, 0.01);
    }

    [Fact]
    public void Of_AnotherHistoryOnTheThread_EndsTheOneBefore()
    {
        var items = SampleData.Factors(5, 8, seed: 1);
        var first = FoldIn.Of(items, [new(0, 1)]);
        var second = FoldIn.Of(items, [new(1, 1)]);
        var (over, vector) = (false, new float[8]);

        try
        {
            first.Solve(vector);
        }
        catch (InvalidOperationException)
        {
            over = true;
        }

        Assert.True(over);
        second.Solve(vector);
        var alone = new float[8];
        FoldIn.Solve(items, [new(1, 1)], alone);
        Assert.Equal(alone, vector);
    }

    [Fact]
    public void Explain_EmptyHistory_WritesNothing() =>
        FoldIn.Of(SampleData.Factors(5, 8, seed: 1), []).Explain(item: 0, []);

    [Fact]
    public void Explain_UnknownItemOrWrongRoom_Throws()
    {
        var items = SampleData.Factors(5, 8, seed: 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => FoldIn.Of(items, [new(0, 1)]).Explain(item: 5, new double[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FoldIn.Of(items, [new(0, 1)]).Explain(item: -1, new double[1]));
        Assert.Throws<ArgumentException>(() => FoldIn.Of(items, [new(0, 1)]).Explain(item: 1, new double[2]));
    }

    private static WeightedItem[] History(int length, int items)
    {
        var random = new Random(length);
        return [.. Enumerable.Range(0, items).OrderBy(_ => random.Next()).Take(length)
            .Select(item => new WeightedItem(item, 1 + random.Next(20)))];
    }
}
