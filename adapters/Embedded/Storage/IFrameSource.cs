namespace Reco.Adapters.Embedded.Storage;

/// <summary>Records to append together.</summary>
internal interface IFrameSource
{
    /// <summary>How many bytes their frames take, headers included.</summary>
    long FrameBytes { get; }

    /// <summary>Called once, under the writer's lock, when the records are accepted: writers' order is the order of these calls.</summary>
    void Encode(FrameGroup group);
}

/// <summary>Follows a <see cref="GroupCommitWriter"/>; called on its thread.</summary>
internal interface IFrameSink
{
    /// <summary>A new segment was begun; it is empty.</summary>
    void Rolled(SegmentFile segment);

    /// <summary>The group is on the disk; those who wait for it are told after this returns.</summary>
    void Durable(FrameGroup group);
}
