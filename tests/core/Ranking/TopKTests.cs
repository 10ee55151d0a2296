using FsCheck;
using FsCheck.Fluent;
using Reco.Core.Ranking;

namespace Reco.Core.Tests.Ranking;

public sealed class TopKTests
{
    /// <summary>Few distinct values, so that ties are common, and every kind of number that must not rank.</summary>
    private static readonly float[] Values =
        [-2, -1, -0f, 0, 0.5f, 1, 3, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MinValue];

    [Fact]
    public void Select_AnyScores_EqualsSorting()
    {
        var scores = Gen.Elements(Values).ArrayOf();
        var cases = scores.SelectMany(s => Gen.Elements(false, true).ArrayOf(s.Length), (s, excluded) => (Scores: s, Excluded: excluded))
            .SelectMany(pair => Gen.Choose(0, 12), (pair, k) => (pair.Scores, pair.Excluded, K: k));

        Prop.ForAll(cases.ToArbitrary(), c => Selected(c.Scores, c.Excluded, c.K).SequenceEqual(Sorted(c.Scores, c.Excluded, c.K)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(2000)]
    public void Select_ManyScores_EqualsSorting(int k)
    {
        var random = new Random(k);
        var scores = Enumerable.Range(0, 1500).Select(_ => (float)random.Next(400)).ToArray();
        var excluded = scores.Select(_ => random.Next(3) == 0).ToArray();

        Assert.Equal(Sorted(scores, excluded, k), Selected(scores, excluded, k));
    }

    [Fact]
    public void Select_EqualScores_TakesTheLowerIndexes()
    {
        var result = new ScoredIndex[3];

        Assert.Equal(3, TopK.Select([1, 1, 2, 1, 1], 3, result));

        Assert.Equal([new(2, 2), new(0, 1), new(1, 1)], result);
    }

    [Fact]
    public void Select_FewerThanK_AnswersHowMany()
    {
        var result = new ScoredIndex[4];

        Assert.Equal(1, TopK.Select([float.NaN, 5, float.PositiveInfinity], 4, result));

        Assert.Equal(new ScoredIndex(1, 5), result[0]);
    }

    [Fact]
    public void Select_OwnFilter_RanksOnlyWhatItAllows()
    {
        var result = new ScoredIndex[2];

        Assert.Equal(2, TopK.Select([9, 8, 7, 6], default(OddOnly), 2, result));

        Assert.Equal([new(1, 8), new(3, 6)], result);
    }

    [Fact]
    public void Select_BrokenArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Select([1], -1, new ScoredIndex[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Select([1], 2, new ScoredIndex[1]));
        Assert.Throws<ArgumentException>(() => TopK.Select([1, 2], [false], 1, new ScoredIndex[1]));
    }

    [Fact]
    public void Select_Warm_AllocatesNothing()
    {
        var scores = Enumerable.Range(0, 1000).Select(i => (float)(i * 7919 % 1000)).ToArray();
        var excluded = new bool[1000];
        var result = new ScoredIndex[50];
        TopK.Select(scores, excluded, 50, result);

        var before = GC.GetAllocatedBytesForCurrentThread();
        TopK.Select(scores, excluded, 50, result);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static ScoredIndex[] Selected(float[] scores, bool[] excluded, int k)
    {
        var result = new ScoredIndex[k];
        return result[..TopK.Select(scores, excluded, k, result)];
    }

    private static ScoredIndex[] Sorted(float[] scores, bool[] excluded, int k) =>
        [.. scores.Select((score, index) => new ScoredIndex(index, score))
            .Where(entry => float.IsFinite(entry.Score) && !excluded[entry.Index])
            .OrderByDescending(entry => entry.Score).ThenBy(entry => entry.Index).Take(k)];

    private readonly struct OddOnly : IItemFilter
    {
        public bool Allows(int index) => index % 2 == 1;
    }
}
