using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

public sealed class AlsOptionsTests
{
    public static TheoryData<string, Action<AlsOptions>> Broken => new()
    {
        { nameof(AlsOptions.Factors), options => options.Factors = 0 },
        { nameof(AlsOptions.Factors), options => options.Factors = 20 },
        { nameof(AlsOptions.Factors), options => options.Factors = 264 },
        { nameof(AlsOptions.Iterations), options => options.Iterations = 0 },
        { nameof(AlsOptions.Iterations), options => options.Iterations = 201 },
        { nameof(AlsOptions.Regularization), options => options.Regularization = 0 },
        { nameof(AlsOptions.Regularization), options => options.Regularization = double.NaN },
        { nameof(AlsOptions.RegularizationExponent), options => options.RegularizationExponent = -0.1 },
        { nameof(AlsOptions.UnobservedWeight), options => options.UnobservedWeight = 0 },
        { nameof(AlsOptions.UnobservedWeight), options => options.UnobservedWeight = double.PositiveInfinity },
        { nameof(AlsOptions.ConfidenceShape), options => options.ConfidenceShape = (ConfidenceShape)7 },
        { nameof(AlsOptions.ConfidenceAlpha), options => options.ConfidenceAlpha = -1 },
        { nameof(AlsOptions.ConfidenceScale), options => options.ConfidenceScale = 0 },
        { nameof(AlsOptions.InitialDeviation), options => options.InitialDeviation = 0 },
        { nameof(AlsOptions.Threads), options => options.Threads = -1 },
    };

    [Fact]
    public void Errors_Defaults_AreNone()
    {
        var options = new AlsOptions();

        Assert.Empty(options.Errors());
        Assert.Equal(64, options.Factors);
        Assert.Equal(0, options.Threads);
        Assert.False(options.TrackLoss);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Errors_OneBrokenField_NamesIt(string field, Action<AlsOptions> breakIt)
    {
        var options = new AlsOptions();
        breakIt(options);

        Assert.Contains(field, Assert.Single(options.Errors()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConfidenceShape.Linear, 5f, 6.0)]
    [InlineData(ConfidenceShape.Logarithmic, 5f, 3.505525937)]
    public void Confidence_KnownWeight_IsTheFormula(ConfidenceShape shape, float weight, double expected)
    {
        var confidence = new AlsOptions { ConfidenceShape = shape, ConfidenceAlpha = 2, ConfidenceScale = 2 }.Confidence;

        // 1 + 2 * 5 / 2, and 1 + 2 * ln(1 + 5 / 2).
        Assert.Equal(expected, confidence.Of(weight), 1e-5);
    }

    [Fact]
    public void Confidence_HugeWeight_IsBounded() =>
        Assert.Equal(ConfidenceFunction.Max, new ConfidenceFunction(ConfidenceShape.Linear, 1e4, 1e-6).Of(float.MaxValue));

    [Fact]
    public void Confidence_AlphaZero_CountsEveryPairOnce() =>
        Assert.Equal(1f, new AlsOptions { ConfidenceAlpha = 0 }.Confidence.Of(123));
}
