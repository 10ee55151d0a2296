namespace Reco.GrainInterfaces;

/// <summary>What a grain answers to a slice.</summary>
[GenerateSerializer, Alias("reco.ApplyOutcome")]
public enum ApplyOutcome
{
    /// <summary>The state includes every event of the slice (some may have been there already).</summary>
    Applied = 0,

    /// <summary>
    /// Nothing was applied: the grain has not seen <see cref="UserSlice.After"/>, so an earlier activation died with
    /// unsaved events. The sender must rewind the partition to its last committed offset.
    /// </summary>
    MemoryLost = 1,

    /// <summary>
    /// Nothing was applied: the grain's stored state cannot be read, and is kept as it is for somebody to look at. The sender goes on without
    /// it, and says so: one bad record must not hold up everybody else's events.
    /// </summary>
    Quarantined = 2,
}
