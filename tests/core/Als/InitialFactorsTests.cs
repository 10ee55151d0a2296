using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

public sealed class InitialFactorsTests
{
    [Fact]
    public void Of_WarmStartInAnotherOrderWithANewItem_CopiesTheKnownRows()
    {
        var old = SampleData.Factors(items: 2, factors: 8, seed: 1);
        var options = new AlsOptions { Factors = 8 };

        var start = InitialFactors.Of(3, options, new WarmStart(old, [1, -1, 0]));

        Assert.Equal(old[1], start.AsSpan(0, 8));
        Assert.Equal(InitialFactors.Of(3, options, null).AsSpan(8, 8), start.AsSpan(8, 8));
        Assert.Equal(old[0], start.AsSpan(16, 8));
    }

    [Fact]
    public void Of_ColdStart_IsNormalWithTheGivenDeviation()
    {
        var options = new AlsOptions { Factors = 64, InitialDeviation = 0.5 };

        var values = Array.ConvertAll(InitialFactors.Of(1000, options, null), value => (double)value);

        // Each of 64,000 is N(0, (0.5 / 8)^2): the mean's error is 0.0625 / 253, and 4.55 % lie beyond two deviations.
        var deviation = Math.Sqrt(values.Average(value => value * value));
        Assert.InRange(values.Average(), -0.001, 0.001);
        Assert.InRange(deviation, 0.0615, 0.0635);
        Assert.InRange(values.Count(value => Math.Abs(value) > 2 * deviation) / 64_000.0, 0.040, 0.051);
    }

    [Fact]
    public void Of_MoreItems_KeepsTheFirstOnes()
    {
        var options = new AlsOptions { Factors = 8, Seed = -3 };

        Assert.Equal(InitialFactors.Of(5, options, null), InitialFactors.Of(9, options, null)[..40]);
    }
}
