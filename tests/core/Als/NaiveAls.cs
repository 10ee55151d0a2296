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
        var fixedSide = Matrix<double>.Build.DenseOfRows(other);
        var result = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            var confidence = Vector<double>.Build.Dense(other.Length, column => confidences[row, column]);
            var weight = Matrix<double>.Build.DenseOfDiagonalVector(confidence + options.UnobservedWeight);
            var ridge = Ridge(options, confidence.Count(value => value > 0), other.Length);
            var matrix = fixedSide.TransposeThisAndMultiply(weight * fixedSide)
                + ridge * Matrix<double>.Build.DenseIdentity(options.Factors);
            result[row] = matrix.Solve(fixedSide.TransposeThisAndMultiply(confidence)).ToArray();
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
