namespace Reco.Bench.Sharding;

/// <summary>One scheme on one number of silos.</summary>
internal sealed record ShardingRow
{
    public required int Silos { get; init; }

    public required string Scheme { get; init; }

    /// <summary>Whether it solves what one silo alone would, but for the order of additions.</summary>
    public required bool Exact { get; init; }

    /// <summary>Over all silos.</summary>
    public required long BytesPerSweep { get; init; }

    /// <summary>Into the silo that receives most.</summary>
    public required long BytesIntoBusiestSilo { get; init; }

    /// <summary>Those at 10 Gbit/s, without any overlap with the arithmetic.</summary>
    public required double SecondsAtTenGigabit { get; init; }

    /// <summary>Pairs of the silo that has most, over the average: how long the others wait for it. Of the worse half-sweep.</summary>
    public required double PairsImbalance { get; init; }
}
