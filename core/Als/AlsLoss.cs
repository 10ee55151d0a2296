namespace Reco.Core.Als;

/// <summary>
/// What training minimises (Rendle et al. 2021, eq. 2 to 5, with a confidence on each observed pair):
/// sum over observed c (1 - u.i)^2 + alpha0 * sum over all pairs (u.i)^2 + sum over rows of ridge * |row|^2.
/// </summary>
internal static class AlsLoss
{
    private const int ChunkRows = 64;

    public static double Of(
        SparseRows users, SparseRows items, float[] userFactors, float[] itemFactors, int factors, FoldInParameters parameters, int threads)
    {
        var chunks = (users.Count + ChunkRows - 1) / ChunkRows;
        var observed = new double[chunks];
        WorkSharing.Run(chunks, threads, CancellationToken.None, (_, chunk) =>
        {
            var end = Math.Min(users.Count, (chunk + 1) * ChunkRows);
            for (var user = chunk * ChunkRows; user < end; user++)
            {
                observed[chunk] += Observed(users, user, userFactors, itemFactors, factors);
            }
        });

        return observed.Sum()
            + parameters.UnobservedWeight * AllPairs(userFactors, itemFactors, factors, threads)
            + Penalty(users, items.Count, userFactors, factors, parameters)
            + Penalty(items, users.Count, itemFactors, factors, parameters);
    }

    private static double Observed(SparseRows users, int user, float[] userFactors, float[] itemFactors, int factors)
    {
        var sum = 0.0;
        var columns = users.ColumnsOf(user);
        var confidences = users.ValuesOf(user);
        ReadOnlySpan<float> vector = userFactors.AsSpan(user * factors, factors);
        for (var i = 0; i < columns.Length; i++)
        {
            var error = 1.0 - SimdMath.Dot(vector, itemFactors.AsSpan(columns[i] * factors, factors));
            sum += confidences[i] * error * error;
        }

        return sum;
    }

    /// <summary>The sum of (u.i)^2 over all pairs is the inner product of the two Gramians.</summary>
    private static double AllPairs(float[] userFactors, float[] itemFactors, int factors, int threads)
    {
        var users = Gramian.Of(userFactors, factors, threads, CancellationToken.None);
        var items = Gramian.Of(itemFactors, factors, threads, CancellationToken.None);
        return SimdMath.Dot<double>(users, items);
    }

    private static double Penalty(SparseRows rows, int others, float[] values, int factors, FoldInParameters parameters)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Count; row++)
        {
            ReadOnlySpan<float> vector = values.AsSpan(row * factors, factors);
            sum += parameters.Ridge(rows.LengthOf(row), others) * SimdMath.Dot(vector, vector);
        }

        return sum;
    }
}
