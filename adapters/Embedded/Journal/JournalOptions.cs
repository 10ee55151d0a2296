using System.ComponentModel.DataAnnotations;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>How the embedded event log works. Sizes are per partition.</summary>
public sealed class JournalOptions
{
    /// <summary>A segment that has reached this is closed and the next one begun. Also the unit of retention.</summary>
    [Range(4_096, 1L << 30)]
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>How much may wait for the disk before appenders wait their turn: two buffers of this size are kept at most.</summary>
    [Range(4_096, 1 << 28)]
    public int QueueBytes { get; set; } = 4 << 20;

    /// <summary>Largest value of a record. Events are at most 16 KiB; other users of the log may need more.</summary>
    [Range(1, 16 << 20)]
    public int MaxRecordBytes { get; set; } = 1 << 20;

    /// <summary>How much a reader reads at a time.</summary>
    [Range(4_096, 64 << 20)]
    public int ReadBufferBytes { get; set; } = 1 << 20;

    /// <summary>One entry of the index in memory for this much of a segment; a seek reads half of it on average.</summary>
    [Range(1_024, 16 << 20)]
    public int IndexIntervalBytes { get; set; } = 64 << 10;

    /// <summary>
    /// Keep at least this much; drop whole segments beyond it once every group has committed past them. Null keeps everything.
    /// </summary>
    [Range(4_096, long.MaxValue)]
    public long? RetentionBytes { get; set; }

    /// <summary>Check every record at opening, not only those of the last segments.</summary>
    public bool VerifyAtOpen { get; set; }
}
