using MathNet.Numerics.LinearAlgebra;
using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

/// <summary>The oracle: ALS written as in the paper, dense, in double, solved by MathNet. Slow and obvious.</summary>
internal static class NaiveAls
{
    /// <summary>Each row of the answer minimises the loss given the other side.</summary>
    public static double[][] HalfSweep(double[,] confidences, double[][] other, AlsOptions options)
    {
        var rows = confidences.GetLength(0);
        var factors = options.Factors;
        var result = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            var matrix = Matrix<double>.Build.Dense(factors, factors);
            var right = Vector<double>.Build.Dense(factors);
            var observed = 0;
            for (var column = 0; column < other.Length; column++)
            {
                var y = Vector<double>.Build.DenseOfArray(other[column]);
                matrix += (options.UnobservedWeight + confidences[row, column]) * y.OuterProduct(y);
                right += confidences[row, column] * y;
                observed += confidences[row, column] > 0 ? 1 : 0;
            }

            var ridge = Ridge(options, observed, other.Length);
            result[row] = (matrix + ridge * Matrix<double>.Build.DenseIdentity(factors)).Solve(right).ToArray();
        }

        return result;
    }

    public static double Loss(double[,] confidences, double[][] users, double[][] items, AlsOptions options)
    {
        var loss = 0.0;
        for (var u = 0; u < users.Length; u++)
        {
            for (var i = 0; i < items.Length; i++)
            {
                var score = Dot(users[u], items[i]);
                loss += confidences[u, i] * (1 - score) * (1 - score) + options.UnobservedWeight * score * score;
            }

            var observed = Enumerable.Range(0, items.Length).Count(i => confidences[u, i] > 0);
            loss += Ridge(options, observed, items.Length) * Dot(users[u], users[u]);
        }

        for (var i = 0; i < items.Length; i++)
        {
            var observed = Enumerable.Range(0, users.Length).Count(u => confidences[u, i] > 0);
            loss += Ridge(options, observed, users.Length) * Dot(items[i], items[i]);
        }

        return loss;
    }

    /// <summary>Confidences of a matrix, 0 where not observed.</summary>
    public static double[,] Dense(InteractionMatrix matrix, AlsOptions options)
    {
        var dense = new double[matrix.Users, matrix.Items];
        for (var user = 0; user < matrix.Users; user++)
        {
            for (var entry = 0; entry < matrix.ItemsOf(user).Length; entry++)
            {
                dense[user, matrix.ItemsOf(user)[entry]] = 1 + options.ConfidenceAlpha * (options.ConfidenceShape == ConfidenceShape.Linear
                    ? matrix.WeightsOf(user)[entry] / options.ConfidenceScale
                    : Math.Log(1 + matrix.WeightsOf(user)[entry] / options.ConfidenceScale));
            }
        }

        return dense;
    }

    public static double[,] Transpose(double[,] dense)
    {
        var result = new double[dense.GetLength(1), dense.GetLength(0)];
        for (var i = 0; i < dense.GetLength(0); i++)
        {
            for (var j = 0; j < dense.GetLength(1); j++)
            {
                result[j, i] = dense[i, j];
            }
        }

        return result;
    }

    public static double[][] Rows(ReadOnlySpan<float> values, int factors)
    {
        var rows = new double[values.Length / factors][];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = Array.ConvertAll(values.Slice(row * factors, factors).ToArray(), value => (double)value);
        }

        return rows;
    }

    private static double Ridge(AlsOptions options, int observed, int others) =>
        options.Regularization * Math.Pow(observed + options.UnobservedWeight * others, options.RegularizationExponent);

    private static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
