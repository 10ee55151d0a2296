using Reco.Core.Hashing;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014) over <see cref="StableHash.Mix"/>: the same numbers on every runtime and machine.</summary>
internal struct SeedingRandom(ulong seed)
{
    private ulong _state = StableHash.Mix(seed);

    public ulong Next() => StableHash.Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int Next(int bound) => (int)((UInt128)Next() * (uint)bound >> 64);

    /// <summary>Standard normal (Box and Muller).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());
}
