using MathNet.Numerics.LinearAlgebra;
using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

/// <summary>
/// The vector kernels against plain loops and MathNet, at every size class: one vector, odd and even numbers of vectors.
/// </summary>
public sealed class SymmetricSystemTests
{
    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (var size in new[] { 8, 16, 24, 40, 64, 128 })
            {
                foreach (var rows in new[] { 0, 1, 47, 48, 49, 200 })
                {
                    shapes.Add(size, rows);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SolveRight_InDouble_EqualsMathNet(int size, int rows) =>
        Assert.InRange(ErrorAgainstMathNet<double>(size, rows, value => value, value => value), 0, 1e-11);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void SolveRight_InFloat_EqualsMathNetToItsPrecision(int size, int rows) =>
        Assert.InRange(ErrorAgainstMathNet<float>(size, rows, value => (float)value, value => value), 0, 5e-5);

    [Fact]
    public void Begin_AfterAFailedFactorization_StartsAfresh()
    {
        var system = new SymmetricSystem<float>(8);
        system.Begin(new float[64], ridge: 0);
        Assert.False(system.TryFactorize());

        system.Begin(new float[64], ridge: 2);
        system.Add([1, 0, 0, 0, 0, 0, 0, 0], 3);
        Assert.True(system.TryFactorize());

        var solution = new float[8];
        system.SolveRight(solution);
        Assert.Equal(3f / 5, solution[0], 1e-6);
        Assert.All(solution[1..], value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(0.5, true, true)]
    [InlineData(1e-9, false, true)]      // below what float can tell from 0, but not below double
    [InlineData(1e-17, false, false)]
    [InlineData(-1.0, false, false)]
    [InlineData(double.NaN, false, false)]
    public void TryFactorize_LastPivot_IsAcceptedWhenItIsMoreThanRounding(double pivot, bool inFloat, bool inDouble)
    {
        // The identity but for the last two rows, [1 1; 1 1 + pivot], whose second pivot is just that.
        var matrix = Matrix<double>.Build.DenseIdentity(8);
        (matrix[6, 7], matrix[7, 6], matrix[7, 7]) = (1, 1, 1 + pivot);
        var values = matrix.ToRowMajorArray();
        var (single, wide) = (new SymmetricSystem<float>(8), new SymmetricSystem<double>(8));

        single.Begin(Array.ConvertAll(values, value => (float)value), ridge: 0);
        wide.Begin(values, ridge: 0);

        Assert.Equal(inFloat, single.TryFactorize());
        Assert.Equal(inDouble, wide.TryFactorize());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(64)]
    public void Dot_RandomRows_EqualsTheLoop(int length)
    {
        var random = new Random(length);
        var left = Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray();
        var right = Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray();
        var expected = left.Zip(right, (a, b) => a * b).Sum();

        Assert.Equal(expected, SimdMath.Dot<double>(left, right), 1e-12);
        Assert.Equal(expected, SimdMath.Dot<float>(Array.ConvertAll(left, v => (float)v), Array.ConvertAll(right, v => (float)v)), 1e-5);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(511, 1)]
    [InlineData(1300, 2)]
    public void Gramian_RandomRows_EqualsMathNet(int rows, int threads)
    {
        var values = SampleData.Factors(rows, 24, seed: rows).Values.ToArray();
        var dense = Matrix<double>.Build.DenseOfRows(NaiveAls.Rows(values, 24));

        var actual = Gramian.Of(values, 24, threads, TestContext.Current.CancellationToken);

        var expected = dense.TransposeThisAndMultiply(dense).ToRowMajorArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-9);
        }
    }

    private static double ErrorAgainstMathNet<T>(int size, int rows, Func<double, T> narrow, Func<T, double> widen)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var random = new Random(size * 1000 + rows);
        var root = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextDouble() - 0.5);
        var matrix = root.TransposeThisAndMultiply(root);
        var right = Vector<double>.Build.Dense(size);
        var system = new SymmetricSystem<T>(size);
        system.Begin(Array.ConvertAll(matrix.ToRowMajorArray(), value => narrow(value)), narrow(1.5));
        matrix += 1.5 * Matrix<double>.Build.DenseIdentity(size);
        for (var row = 0; row < rows; row++)
        {
            var values = Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
            var confidence = 0.5 + random.NextDouble();
            system.Add(values, narrow(confidence));
            var y = Vector<double>.Build.DenseOfEnumerable(values.Select(value => (double)value));
            matrix += confidence * y.OuterProduct(y);
            right += confidence * y;
        }

        Assert.True(system.TryFactorize());
        var solution = new T[size];
        system.SolveRight(solution);
        var expected = matrix.Solve(right);
        return solution.Select((value, i) => Math.Abs(widen(value) - expected[i])).Max() / Math.Max(expected.AbsoluteMaximum(), 1e-3);
    }
}
