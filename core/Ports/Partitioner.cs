using Reco.Core.Hashing;

namespace Reco.Core.Ports;

/// <summary>Which partition a key belongs to: the same in every process.</summary>
public static class Partitioner
{
    /// <summary>0 to <paramref name="partitionCount"/> - 1.</summary>
    public static int PartitionOf(ReadOnlySpan<char> key, int partitionCount) => StableHash.Bucket(key, partitionCount);
}
