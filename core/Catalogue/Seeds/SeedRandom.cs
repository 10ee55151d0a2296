using Reco.Core.Hashing;

namespace Reco.Core.Catalogue.Seeds;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014) over <see cref="StableHash.Mix"/>: unlike <see cref="Random"/> its sequence is ours, so a
/// seed gives the same shop on every version of the runtime.
/// </summary>
internal struct SeedRandom(ulong seed)
{
    private ulong _state = StableHash.Mix(seed);

    public ulong Next() => StableHash.Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public int Next(int from, int to) => from + (int)((UInt128)Next() * (uint)(to - from) >> 64);

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(0, items.Count)];

    /// <summary>Standard normal, by the polar-free Box-Muller transform.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());
}
