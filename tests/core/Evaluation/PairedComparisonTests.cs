using Reco.Core.Evaluation;

namespace Reco.Core.Tests.Evaluation;

public sealed class PairedComparisonTests
{
    [Fact]
    public void Of_ThreeUsers_IsTheHandComputedMeanAndError()
    {
        // Differences 0.1, 0.2, 0.6: mean 0.3, s = sqrt((0.04 + 0.01 + 0.09) / 2) = 0.26458, error = s / sqrt(3).
        var comparison = PairedComparison.Of([0.5, 0.2, 0.1], [0.6, 0.4, 0.7]);

        Assert.Equal(3, comparison.Users);
        Assert.Equal(0.3, comparison.MeanDifference, 1e-12);
        Assert.Equal(0.152752523, comparison.StandardError, 1e-9);
    }

    [Theory]
    [InlineData(-0.021, 0.010, 0.005, true)]     // beyond two errors and the tolerance
    [InlineData(-0.019, 0.010, 0.005, false)]    // within two errors
    [InlineData(-0.004, 0.001, 0.005, false)]    // certain, but too small to matter
    [InlineData(-0.006, 0.001, 0.005, true)]
    [InlineData(-0.020, 0.010, 0.005, false)]    // exactly on the line
    [InlineData(0.500, 0.010, 0.005, false)]
    [InlineData(0, 0, 0, false)]
    public void IsWorse_KnownNumbers_FollowsTheRule(double mean, double error, double tolerance, bool expected) =>
        Assert.Equal(expected, new PairedComparison(100, mean, error).IsWorse(tolerance));

    [Fact]
    public void Of_ShuffledModel_IsWorse()
    {
        var random = new Random(1);
        var before = Enumerable.Range(0, 400).Select(_ => random.NextDouble()).ToArray();
        var after = before.Select(value => value - 0.03 + 0.1 * (random.NextDouble() - 0.5)).ToArray();

        Assert.True(PairedComparison.Of(before, after).IsWorse(0.01));
        Assert.False(PairedComparison.Of(after, before).IsWorse(0.01));
        Assert.False(PairedComparison.Of(before, before).IsWorse(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_FewerThanTwoUsers_ShowsNothing(int users)
    {
        var comparison = PairedComparison.Of(new double[users], [.. Enumerable.Repeat(-1.0, users)]);

        Assert.Equal((users, -users, double.PositiveInfinity), (comparison.Users, comparison.MeanDifference, comparison.StandardError));
        Assert.False(comparison.IsWorse(0));
    }

    [Fact]
    public void Of_BrokenArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1], [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairedComparison(1, 0, 0).IsWorse(-0.1));
    }
}
