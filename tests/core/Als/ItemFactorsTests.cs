using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

public sealed class ItemFactorsTests
{
    private static readonly FoldInParameters Parameters = FoldInParameters.From(new AlsOptions());

    [Fact]
    public void Constructor_Values_AreCopiedToACacheLine()
    {
        var values = new float[] { 3, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };

        var factors = new ItemFactors(2, 8, values, Parameters);
        values[0] = 99;

        Assert.Equal(3, factors[0][0]);
        Assert.Equal(1, factors[1][7]);
        Assert.Equal([5f, 1f], factors.Norms);
        Assert.Equal(Parameters.UnobservedWeight * 9, factors.ScaledGramian[0], 1e-12);
        Assert.Equal(Parameters.UnobservedWeight * 12, factors.ScaledGramian[8], 1e-12);
        Assert.Equal(0UL, (ulong)Unsafe.ByteOffset(ref Unsafe.NullRef<float>(), ref MemoryMarshal.GetReference(factors.Values)) % 64);
    }

    [Theory]
    [InlineData(1, 12, 12, 0f)]
    [InlineData(1, 0, 0, 0f)]
    [InlineData(2, 8, 15, 0f)]
    [InlineData(1, 8, 8, float.NaN)]
    [InlineData(1, 8, 8, float.NegativeInfinity)]
    public void Constructor_BrokenShapeOrValue_Throws(int items, int factors, int length, float value) =>
        Assert.Throws<ArgumentException>(() => new ItemFactors(items, factors, [.. Enumerable.Repeat(value, length)], Parameters));

    [Theory]
    [InlineData(0, 1, 1, 1, 1)]
    [InlineData(1, 0, 1, 1, 1)]
    [InlineData(double.NaN, 1, 1, 1, 1)]
    [InlineData(1, double.PositiveInfinity, 1, 1, 1)]
    [InlineData(1, 1, double.NaN, 1, 1)]
    [InlineData(1, 1, 1, -1, 1)]
    [InlineData(1, 1, 1, 1, 0)]
    public void Constructor_UnusableParameters_Throws(
        double unobserved, double regularization, double exponent, double alpha, double scale) =>
        Assert.Throws<ArgumentException>(() => new ItemFactors(
            1, 8, new float[8], new FoldInParameters(unobserved, regularization, exponent, new(ConfidenceShape.Linear, alpha, scale))));

    [Fact]
    public void Ridge_KnownNumbers_IsTheFormula() =>
        Assert.Equal(0.5 * 6, new FoldInParameters(0.1, 0.5, 0.5, Parameters.Confidence).Ridge(observed: 16, others: 200), 1e-12);
}
