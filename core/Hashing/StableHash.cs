using System.Runtime.InteropServices;

namespace Reco.Core.Hashing;

/// <summary>
/// A 64-bit hash that is the same in every process and on every machine: partitions, shards and hold-outs depend on it.
/// FNV-1a over UTF-16 code units, finished with the mixer of MurmurHash3 (fmix64) so that every bit counts.
/// </summary>
public static class StableHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Hash of the text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = OffsetBasis;
        foreach (var unit in MemoryMarshal.Cast<char, ushort>(text))
        {
            hash = (hash ^ unit) * Prime;
        }

        return Mix(hash);
    }

    /// <summary>Hash of two hashes, in this order.</summary>
    public static ulong Combine(ulong first, ulong second) => Mix((first * Prime) ^ Mix(second));

    /// <summary>The bucket of the text, 0 to <paramref name="buckets"/> - 1.</summary>
    public static int Bucket(ReadOnlySpan<char> text, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets);
        return (int)(Of(text) % (uint)buckets);
    }

    /// <summary>fmix64 of MurmurHash3 (Austin Appleby, public domain).</summary>
    public static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xff51afd7ed558ccd;
        value ^= value >> 33;
        value *= 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
