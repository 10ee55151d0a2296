using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

/// <summary>Training against the naive double-precision ALS.</summary>
public sealed class AlsTrainerOracleTests
{
    public static TheoryData<int, double, ConfidenceShape, double, double> Settings => new()
    {
        { 8, 1.0, ConfidenceShape.Logarithmic, 0.1, 0.01 },
        { 16, 0.0, ConfidenceShape.Linear, 1.0, 2.0 },
        { 24, 0.5, ConfidenceShape.Logarithmic, 0.3, 0.1 },
        { 40, 1.0, ConfidenceShape.Linear, 0.05, 0.05 },
        { 64, 1.0, ConfidenceShape.Logarithmic, 0.1, 0.02 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Train_OneSweep_EqualsTheOracle(
        int factors, double exponent, ConfidenceShape shape, double unobserved, double regularization)
    {
        // Rows of over 48 entries cross the kernel's block; items 0 to 99 with 70 users cover both long and short rows.
        var matrix = SampleData.Random(users: 70, items: 100, density: 0.6, seed: factors);
        var options = new AlsOptions
        {
            Factors = factors,
            Iterations = 1,
            RegularizationExponent = exponent,
            ConfidenceShape = shape,
            ConfidenceAlpha = 0.7,
            ConfidenceScale = 2,
            UnobservedWeight = unobserved,
            Regularization = regularization,
            TrackLoss = true,
        };
        var start = SampleData.Factors(100, factors, seed: 5);

        var model = AlsTrainer.Train(matrix, options, SameOrder(start), TestContext.Current.CancellationToken);

        var dense = NaiveAls.Dense(matrix, options);
        var users = NaiveAls.HalfSweep(dense, NaiveAls.Rows(start.Values, factors), options);
        var firstLoss = NaiveAls.Loss(dense, users, NaiveAls.Rows(start.Values, factors), options);
        var items = NaiveAls.HalfSweep(NaiveAls.Transpose(dense), users, options);
        var lastUsers = NaiveAls.HalfSweep(dense, items, options);
        Assert.InRange(SampleData.RelativeError(model.Items.Values, items), 0, 2e-4);
        Assert.InRange(SampleData.RelativeError(model.UserFactors, lastUsers), 0, 2e-4);
        Assert.Equal(3, model.Losses.Count);
        Assert.InRange(model.Losses[0] / firstLoss, 1 - 1e-5, 1 + 1e-5);
        Assert.InRange(model.Losses[2] / NaiveAls.Loss(dense, lastUsers, items, options), 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void Train_ManySweeps_LossNeverRises()
    {
        var matrix = SampleData.Random(users: 200, items: 90, density: 0.1, seed: 3);

        var losses = AlsTrainer.Train(
            matrix, new AlsOptions { Factors = 32, Iterations = 20, TrackLoss = true }, null, TestContext.Current.CancellationToken).Losses;

        Assert.Equal(41, losses.Count);
        for (var i = 1; i < losses.Count; i++)
        {
            Assert.True(losses[i] <= losses[i - 1] * (1 + 1e-6), $"Half-sweep {i}: {losses[i - 1]} -> {losses[i]}");
        }

        Assert.True(losses[^1] < 0.9 * losses[0]);
    }

    [Fact]
    public void Train_RegularizationNearNothing_FallsBackToDoubleAndStillMinimises()
    {
        // 8 items span 64 factors: without regularisation the matrix is singular, and float's Cholesky must give up.
        var matrix = SampleData.Random(users: 20, items: 8, density: 0.5, seed: 4);
        var options = new AlsOptions { Regularization = 1e-6, RegularizationExponent = 0, UnobservedWeight = 1, Iterations = 1 };
        var start = SampleData.Factors(8, 64, seed: 6);

        var model = AlsTrainer.Train(matrix, options, SameOrder(start), TestContext.Current.CancellationToken);

        var dense = NaiveAls.Dense(matrix, options);
        var users = NaiveAls.HalfSweep(dense, NaiveAls.Rows(start.Values, 64), options);
        var items = NaiveAls.HalfSweep(NaiveAls.Transpose(dense), users, options);
        var expected = NaiveAls.Loss(dense, NaiveAls.HalfSweep(dense, items, options), items, options);
        var actual = NaiveAls.Loss(dense, NaiveAls.Rows(model.UserFactors, 64), NaiveAls.Rows(model.Items.Values, 64), options);
        Assert.InRange(actual, 0, expected * 1.001 + 1e-3);
    }

    private static WarmStart SameOrder(ItemFactors factors) => new(factors, [.. Enumerable.Range(0, factors.Count)]);
}
