using Reco.Core.Hashing;

namespace Reco.Workload.Traffic;

/// <summary>
/// SplitMix64 with the fmix64 finaliser: a few nanoseconds a number, and the same numbers on every runtime and machine, which
/// <see cref="Random"/> does not promise between versions. For one thread.
/// </summary>
internal sealed class SplitMix(ulong seed)
{
    private const ulong Gamma = 0x9e3779b97f4a7c15;

    private ulong _state = StableHash.Mix(seed ^ Gamma);

    public ulong NextUInt64() => StableHash.Mix(_state += Gamma);

    /// <summary>0 to <paramref name="bound"/> - 1 (Lemire's multiply-shift; its bias of bound / 2^32 is below one in a million here).</summary>
    public int NextInt(int bound) => (int)((NextUInt64() >> 32) * (uint)bound >> 32);

    /// <summary>0 inclusive to 1 exclusive, 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Standard Gumbel: adding it to log-weights and taking the greatest draws by weight.</summary>
    public double NextGumbel() => -Math.Log(-Math.Log(NextDouble() + 1e-18));

    /// <summary>Fisher and Yates.</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
