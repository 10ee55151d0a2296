using System.Numerics;
using System.Runtime.InteropServices;
using Reco.Core.Hashing;

namespace Reco.Core.Ingest;

/// <summary>
/// 128 bits of an event id: two 64-bit lanes over the UTF-16 text, four characters a step, with different seeds, multipliers and
/// rotations. Never persisted, so it may change. Two different ids share a hash with a chance of about 2^-128.
/// </summary>
internal readonly record struct EventIdHash(ulong A, ulong B)
{
    private const ulong SeedA = 0x9E3779B97F4A7C15;
    private const ulong SeedB = 0xC2B2AE3D27D4EB4F;
    private const ulong PrimeA = 0xFF51AFD7ED558CCD;
    private const ulong PrimeB = 0x9FB21C651E98DF25;

    public static EventIdHash Of(ReadOnlySpan<char> id)
    {
        var a = SeedA ^ (uint)id.Length;
        var b = SeedB + (uint)id.Length;
        var words = MemoryMarshal.Cast<char, ulong>(id);
        foreach (var word in words)
        {
            Step(ref a, ref b, word);
        }

        var tail = 0UL;
        foreach (var unit in id[(words.Length * 4)..])
        {
            tail = (tail << 16) | unit;
        }

        Step(ref a, ref b, tail);
        return new EventIdHash(StableHash.Mix(a), StableHash.Mix(b));
    }

    /// <summary>Each lane's step is one-to-one in the word, so ids that differ in one word never collide.</summary>
    private static void Step(ref ulong a, ref ulong b, ulong word)
    {
        a = (a ^ word) * PrimeA;
        a ^= a >> 32;
        b = (b + BitOperations.RotateLeft(word, 29)) * PrimeB;
        b ^= b >> 29;
    }
}
