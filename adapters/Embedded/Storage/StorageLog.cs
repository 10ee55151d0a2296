using Microsoft.Extensions.Logging;

namespace Reco.Adapters.Embedded.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(1, LogLevel.Warning, "Cut {BytesCut} bytes of an unfinished write off {File}; it ends at byte {Position} now")]
    public static partial void TailCut(ILogger logger, string file, long position, long bytesCut);

    [LoggerMessage(2, LogLevel.Error, "Writing to {Folder} failed; it takes no more until it is opened again")]
    public static partial void WriteFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "Could not take back the failed write to {File}; recovery does it when it is opened again")]
    public static partial void TakeBackFailed(ILogger logger, string file, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "Opened {Folder}: {Segments} segments, next record {NextOrdinal}")]
    public static partial void Opened(ILogger logger, string folder, int segments, long nextOrdinal);

    [LoggerMessage(5, LogLevel.Information, "Retention dropped {File}: records before {FirstOffset} are gone")]
    public static partial void Dropped(ILogger logger, string file, long firstOffset);

    [LoggerMessage(6, LogLevel.Debug, "Compacted {File}: kept {KeptBytes} of {Bytes} bytes")]
    public static partial void Compacted(ILogger logger, string file, long keptBytes, long bytes);

    [LoggerMessage(7, LogLevel.Error, "Compaction stopped at {File}; the store works on, but its garbage stays")]
    public static partial void CompactionFailed(ILogger logger, string file, Exception exception);
}
