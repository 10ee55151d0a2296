namespace Reco.Core.Als;

/// <summary>Y^T Y of row-major factors, in double: k^2 sums over every row are where float would lose most.</summary>
internal static class Gramian
{
    /// <summary>Fixed, so that the order of additions, and with it the last bit, does not depend on the threads.</summary>
    private const int ChunkRows = 512;

    /// <summary>The full symmetric matrix.</summary>
    public static double[] Of(ReadOnlySpan<float> rows, int factors, int threads) =>
        Of(rows.ToArray(), factors, threads, CancellationToken.None);

    /// <summary>The full symmetric matrix.</summary>
    public static double[] Of(float[] rows, int factors, int threads, CancellationToken cancellationToken)
    {
        var count = rows.Length / factors;
        var chunks = (count + ChunkRows - 1) / ChunkRows;
        var partial = new double[chunks][];
        WorkSharing.Run(chunks, threads, cancellationToken, (_, chunk) =>
        {
            var first = chunk * ChunkRows;
            var rowCount = Math.Min(ChunkRows, count - first);
            var wide = new double[rowCount * factors];
            for (var i = 0; i < wide.Length; i++)
            {
                wide[i] = rows[first * factors + i];
            }

            partial[chunk] = new double[factors * factors];
            SimdMath.AddOuterProducts<double>(partial[chunk], wide, rowCount, factors);
        });

        var sum = new double[factors * factors];
        foreach (var part in partial)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += part[i];
            }
        }

        MirrorUpper(sum, factors);
        return sum;
    }

    /// <summary>matrix *= factor.</summary>
    public static void Scale(Span<double> matrix, double factor)
    {
        foreach (ref var value in matrix)
        {
            value *= factor;
        }
    }

    private static void MirrorUpper(Span<double> matrix, int size)
    {
        for (var i = 1; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[i * size + j] = matrix[j * size + i];
            }
        }
    }
}
