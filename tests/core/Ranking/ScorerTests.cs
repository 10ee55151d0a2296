using Reco.Core.Als;
using Reco.Core.Ranking;
using Reco.Core.Tests.Als;

namespace Reco.Core.Tests.Ranking;

public sealed class ScorerTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    public void ScoreAll_RandomModel_EqualsTheLoop(int factors)
    {
        var items = SampleData.Factors(33, factors, seed: 1);
        var user = SampleData.Factors(1, factors, seed: 2)[0].ToArray();
        var scores = new float[33];

        Scorer.ScoreAll(items, user, scores);

        for (var item = 0; item < 33; item++)
        {
            var expected = user.Zip(items[item].ToArray(), (a, b) => (double)a * b).Sum();
            Assert.Equal(expected, scores[item], 1e-6);
        }
    }

    [Fact]
    public void CosineAll_KnownDirections_IsTheCosine()
    {
        var values = new float[5 * 8];
        values[0] = 2;                            // along the first axis
        values[8] = 0.5f;                         // the same direction
        values[17] = 3;                           // at a right angle
        (values[24], values[25]) = (-1, -1);      // 135 degrees away
        var items = new ItemFactors(5, 8, values, FoldInParameters.From(new AlsOptions()));
        var similarities = new float[5];

        Scorer.CosineAll(items, 0, similarities);

        Assert.Equal(1f, similarities[1], 1e-6);
        Assert.Equal(0f, similarities[2], 1e-6);
        Assert.Equal(-Math.Sqrt(0.5), similarities[3], 1e-6);
        Assert.True(float.IsNaN(similarities[0]), "An item is not its own neighbour.");
        Assert.True(float.IsNaN(similarities[4]), "An item without factors has no neighbours.");
    }

    [Fact]
    public void CosineAll_ItemWithoutFactors_RanksNothing()
    {
        var values = new float[2 * 8];
        values[8] = 1;
        var similarities = new float[2];

        Scorer.CosineAll(new ItemFactors(2, 8, values, FoldInParameters.From(new AlsOptions())), 0, similarities);

        Assert.Equal(0, TopK.Select(similarities, 2, new ScoredIndex[2]));
    }

    [Fact]
    public void ScoreAll_WrongLengths_Throws()
    {
        var items = SampleData.Factors(3, 8, seed: 1);

        Assert.Throws<ArgumentException>(() => Scorer.ScoreAll(items, new float[16], new float[3]));
        Assert.Throws<ArgumentException>(() => Scorer.ScoreAll(items, new float[8], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scorer.CosineAll(items, 3, new float[3]));
    }
}
