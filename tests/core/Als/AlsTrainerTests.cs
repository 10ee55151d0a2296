using Reco.Core.Als;
using Reco.Core.Ranking;

namespace Reco.Core.Tests.Als;

public sealed class AlsTrainerTests
{
    private static readonly AlsOptions Small = new() { Factors = 16, Iterations = 5 };

    [Fact]
    public void Train_Checkerboard_RecommendsTheGroupsUnseenItems()
    {
        // Users and items of even index form one group, odd the other; each user has seen all of the group's items but one.
        const int Items = 20;
        var rows = Enumerable.Range(0, 40).Select(user => Enumerable.Range(0, Items / 2)
            .Where(place => place != user / 2 % (Items / 2))
            .Select(place => new WeightedItem(2 * place + user % 2, 1)).ToArray()).ToArray();
        var matrix = SampleData.Of(Items, rows);

        var model = AlsTrainer.Train(matrix, Small, null, TestContext.Current.CancellationToken);

        var scores = new float[Items];
        var best = new ScoredIndex[1];
        for (var user = 0; user < rows.Length; user++)
        {
            Scorer.ScoreAll(model.Items, model.UserVector(user), scores);
            var seen = new bool[Items];
            Array.ForEach(rows[user], entry => seen[entry.Item] = true);
            Assert.Equal(1, TopK.Select(scores, seen, 1, best));
            Assert.Equal(2 * (user / 2 % (Items / 2)) + user % 2, best[0].Index);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Train_AnyNumberOfThreads_GivesTheSameBits(int threads)
    {
        // Over 512 rows, so that the Gramian is summed from several chunks too.
        var matrix = SampleData.Random(users: 1100, items: 60, density: 0.1, seed: 1);
        var one = AlsTrainer.Train(matrix, With(threads: 1), null, TestContext.Current.CancellationToken);

        var many = AlsTrainer.Train(matrix, With(threads), null, TestContext.Current.CancellationToken);

        Assert.Equal(one.Items.Values, many.Items.Values);
        Assert.Equal(one.UserFactors, many.UserFactors);
        Assert.Equal(one.Losses, many.Losses);

        static AlsOptions With(int threads) => new() { Factors = 16, Iterations = 3, Threads = threads, TrackLoss = true };
    }

    [Fact]
    public void Train_AnotherSeed_GivesOtherFactors()
    {
        var matrix = SampleData.Random(users: 50, items: 40, density: 0.2, seed: 1);

        var first = AlsTrainer.Train(matrix, new AlsOptions { Factors = 8, Seed = 1 }, null, TestContext.Current.CancellationToken);
        var second = AlsTrainer.Train(matrix, new AlsOptions { Factors = 8, Seed = 2 }, null, TestContext.Current.CancellationToken);

        Assert.False(first.Items.Values.SequenceEqual(second.Items.Values));
    }

    [Fact]
    public void Train_OneUserOneItem_ScoresItHigh()
    {
        var matrix = SampleData.Of(1, [new WeightedItem(0, 5)]);

        var model = AlsTrainer.Train(matrix, Small, null, TestContext.Current.CancellationToken);

        var score = new float[1];
        Scorer.ScoreAll(model.Items, model.UserVector(0), score);
        Assert.InRange(score[0], 0.5f, 1f);
    }

    [Fact]
    public void Train_IdenticalRows_GiveEqualUsersAndFiniteFactors()
    {
        var row = Enumerable.Range(0, 5).Select(item => new WeightedItem(item, 2)).ToArray();
        var matrix = SampleData.Of(5, [.. Enumerable.Repeat(row, 30)]);

        var model = AlsTrainer.Train(matrix, Small, null, TestContext.Current.CancellationToken);

        for (var user = 1; user < 30; user++)
        {
            Assert.Equal(model.UserVector(0), model.UserVector(user));
        }
    }

    [Fact]
    public void Train_EmptyRows_AreZeroAndChangeNoOther()
    {
        var full = new[] { new WeightedItem(0, 1), new WeightedItem(2, 3) };
        var matrix = SampleData.Of(4, full, [], full);

        var model = AlsTrainer.Train(matrix, Small, null, TestContext.Current.CancellationToken);

        Assert.All(model.UserVector(1).ToArray(), value => Assert.Equal(0, value));
        Assert.All(model.Items[1].ToArray(), value => Assert.Equal(0, value));
        Assert.All(model.Items[3].ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(model.UserVector(0).ToArray(), value => value != 0);
        Assert.Equal(model.UserVector(0), model.UserVector(2));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public void Train_NothingToLearnFrom_GivesZeros(int users, int items)
    {
        var matrix = SampleData.Of(items, [.. Enumerable.Repeat(Array.Empty<WeightedItem>(), users)]);

        var model = AlsTrainer.Train(matrix, Small, null, TestContext.Current.CancellationToken);

        Assert.Equal(items, model.Items.Count);
        Assert.All(model.Items.Values.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(users * Small.Factors, model.UserFactors.Length);
    }

    [Fact]
    public void Train_WarmStart_BeginsWhereTheOldModelEnded()
    {
        var matrix = SampleData.Random(users: 150, items: 60, density: 0.15, seed: 2);
        var often = new AlsOptions { Factors = 16, Iterations = 15, TrackLoss = true };
        var old = AlsTrainer.Train(matrix, often, null, TestContext.Current.CancellationToken);
        var once = new AlsOptions { Factors = 16, Iterations = 1, TrackLoss = true };

        var warmStart = new WarmStart(old.Items, [.. Enumerable.Range(0, 60)]);
        var warm = AlsTrainer.Train(matrix, once, warmStart, TestContext.Current.CancellationToken);
        var cold = AlsTrainer.Train(matrix, once, null, TestContext.Current.CancellationToken);

        Assert.InRange(warm.Losses[0] / old.Losses[^1], 1 - 1e-5, 1 + 1e-5);
        Assert.True(warm.Losses[^1] < cold.Losses[^1]);
    }

    [Theory]
    [InlineData(8, new[] { 0, 1 })]
    [InlineData(16, new[] { 0, 1, 2 })]
    [InlineData(8, new[] { 0, 1, 3 })]
    public void Train_WarmStartThatDoesNotFit_Throws(int factors, int[] sources)
    {
        var matrix = SampleData.Of(3, [new WeightedItem(0, 1)]);
        var warmStart = new WarmStart(SampleData.Factors(items: 3, factors, seed: 1), sources);

        Assert.Throws<ArgumentException>(() =>
            AlsTrainer.Train(matrix, new AlsOptions { Factors = 8 }, warmStart, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Train_InvalidOptions_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            AlsTrainer.Train(SampleData.Of(1), new AlsOptions { Factors = 12 }, null, TestContext.Current.CancellationToken));
        Assert.Contains("multiple of 8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Train_Cancelled_Stops(int threads)
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var matrix = SampleData.Random(users: 50, items: 40, density: 0.2, seed: 1);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            AlsTrainer.Train(matrix, new AlsOptions { Factors = 8, Threads = threads }, null, source.Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WorkSharing_WorkThrows_ThrowsThatAndLeavesTheRest(int threads)
    {
        var runs = 0;

        var thrown = Assert.Throws<InvalidDataException>(() => WorkSharing.Run(1_000_000_000, threads, TestContext.Current.CancellationToken, (_, _) =>
        {
            if (Interlocked.Increment(ref runs) == 5)
            {
                throw new InvalidDataException("chunk");
            }
        }));

        Assert.Equal("chunk", thrown.Message);
        Assert.InRange(runs, 5, 999_999_999);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void WorkSharing_CancelledHalfWay_LeavesTheRestUndone(int threads)
    {
        using var source = new CancellationTokenSource();
        var done = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => WorkSharing.Run(10_000, threads, source.Token, (_, _) =>
        {
            if (Interlocked.Increment(ref done) == 10)
            {
                source.Cancel();
            }
        }));

        Assert.InRange(done, 10, 10 + threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WorkSharing_AllChunks_RunOnce(int threads)
    {
        var runs = new int[1000];

        WorkSharing.Run(runs.Length, threads, TestContext.Current.CancellationToken, (_, chunk) => Interlocked.Increment(ref runs[chunk]));

        Assert.All(runs, count => Assert.Equal(1, count));
    }
}
