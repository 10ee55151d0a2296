namespace Reco.GrainInterfaces;

/// <summary>A place in the event log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset in it.</param>
[GenerateSerializer, Immutable, Alias("reco.PartitionOffset")]
public readonly record struct PartitionOffset([property: Id(0)] int Partition, [property: Id(1)] long Offset);
