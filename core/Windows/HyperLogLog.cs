using System.Numerics;

namespace Reco.Core.Windows;

/// <summary>
/// HyperLogLog (Flajolet et al. 2007) over 64-bit hashes, with the improved estimator of Otmar Ertl, "New cardinality estimation
/// algorithms for HyperLogLog sketches" (2017), algorithm 6: one formula without bias for small and large sets alike, no tables.
/// </summary>
internal static class HyperLogLog
{
    public const int RegisterCount = 1 << PrefixBits;
    public const byte RankMax = SuffixBits + 1;

    private const int PrefixBits = 12;
    private const int SuffixBits = 64 - PrefixBits;

    /// <summary>The first 12 bits choose the register, which keeps the greatest number of leading zeros of the rest, plus one.</summary>
    public static void Add(byte[] registers, ulong hash)
    {
        var suffix = (hash << PrefixBits) | (1UL << (PrefixBits - 1));
        var rank = (byte)(BitOperations.LeadingZeroCount(suffix) + 1);
        ref var register = ref registers[hash >> SuffixBits];
        if (rank > register)
        {
            register = rank;
        }
    }

    public static void Merge(Span<byte> into, ReadOnlySpan<byte> from)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Math.Max(into[i], from[i]);
        }
    }

    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        Span<int> histogram = stackalloc int[RankMax + 1];
        histogram.Clear();
        foreach (var register in registers)
        {
            histogram[register]++;
        }

        const double M = RegisterCount;
        var z = M * Tau(1 - (histogram[RankMax] / M));
        for (var rank = SuffixBits; rank >= 1; rank--)
        {
            z = 0.5 * (z + histogram[rank]);
        }

        z += M * Sigma(histogram[0] / M);
        return M * M / (2 * Math.Log(2) * z);
    }

    /// <summary>Corrects for registers that are still 0.</summary>
    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        var (y, z, before) = (1.0, x, double.NaN);
        while (z != before)
        {
            before = z;
            x *= x;
            z += x * y;
            y += y;
        }

        return z;
    }

    /// <summary>Corrects for registers that can rise no more.</summary>
    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        var (y, z, before) = (1.0, 1 - x, double.NaN);
        while (z != before)
        {
            before = z;
            x = Math.Sqrt(x);
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }

        return z / 3;
    }
}
