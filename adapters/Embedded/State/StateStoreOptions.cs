using System.ComponentModel.DataAnnotations;

namespace Reco.Adapters.Embedded.State;

/// <summary>How the embedded state store works.</summary>
public sealed class StateStoreOptions
{
    /// <summary>A segment that has reached this is closed and the next one begun.</summary>
    [Range(4_096, 1L << 30)]
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>A closed segment is compacted when this part of it is garbage. At 0.5 the disk holds at most about twice the live data.</summary>
    [Range(0.1, 0.95)]
    public double GarbageRatio { get; set; } = 0.5;

    /// <summary>How much may wait for the disk before writers wait their turn: two buffers of this size are kept at most.</summary>
    [Range(4_096, 1 << 30)]
    public int QueueBytes { get; set; } = 64 << 20;

    /// <summary>Largest value.</summary>
    [Range(1, 64 << 20)]
    public int MaxValueBytes { get; set; } = 64 << 20;
}
