using Microsoft.Extensions.Logging;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>Sees each good record of a segment, in order.</summary>
internal delegate void FrameVisitor(SegmentFile segment, long position, ReadOnlyMemory<byte> payload);

/// <summary>A folder of segments as it was found, its end made good.</summary>
/// <param name="Segments">Lowest base first, at least one; the last is the one to append to.</param>
/// <param name="NextOrdinal">Ordinal of the next record.</param>
/// <param name="Cut">What was removed from the end, if anything.</param>
internal sealed record RecoveredFolder(List<SegmentFile> Segments, long NextOrdinal, TailCut? Cut);

/// <summary>
/// Opens a folder of segments after any end of the process that wrote it.
///
/// The writer appends one group at a time and begins the next, or a new segment, only when the one before is on the disk. So whatever
/// a crash left unfinished is at the end of the last segment, and nobody was told that it is durable: it is cut off. A bad frame
/// anywhere else was durable once and is damage, which must not be hidden by dropping what follows it.
///
/// Tail or middle is decided by looking at every byte position after the first bad frame for a good one. Frames are good in one place
/// only (see <see cref="Frame"/>), so a hit is a record that was written here. Any hit: damage, stop, change nothing. None: the tail
/// of an unfinished write, cut. Two cases cannot be told apart by looking, and each falls to the side that loses no acknowledged
/// record without a word: a group whose later blocks reached the disk before its earlier ones (power loss on a file system that does
/// not order them; ext4 and xfs extend a file only over written data) stops the start; a last record that rotted on the disk looks
/// like an unfinished one, is cut, and the cut is reported.
/// </summary>
internal static class SegmentRecovery
{
    private const int ScanBytes = 1 << 20;

    /// <param name="device">Writes.</param>
    /// <param name="folder">Made if it is not there.</param>
    /// <param name="scanAll">Read every segment, not only the last one.</param>
    /// <param name="visit">Sees the records that are read.</param>
    /// <param name="logger">Hears of a cut.</param>
    public static RecoveredFolder Open(IStorageDevice device, string folder, bool scanAll, FrameVisitor? visit, ILogger logger)
    {
        Directory.CreateDirectory(folder);
        var segments = SegmentFile.List(folder);
        if (segments.Count == 0)
        {
            device.Create(SegmentFile.PathOf(folder, 0)).Dispose();
            segments = SegmentFile.List(folder);
        }

        device.SyncDirectory(folder);
        if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent)
        {
            device.SyncDirectory(parent);
        }

        for (var i = 0; scanAll && i < segments.Count - 1; i++)
        {
            Scan(segments[i], visit);
        }

        var last = segments[^1];
        var (count, goodEnd) = ScanTail(last, visit);
        TailCut? cut = null;
        using (var file = device.Open(last.Path))
        {
            if (goodEnd < last.Bytes)
            {
                file.Truncate(goodEnd);
                cut = new TailCut(last.Path, goodEnd, last.Bytes - goodEnd);
                StorageLog.TailCut(logger, cut.File, cut.Position, cut.BytesCut);
            }

            // What was found may still be in the system's cache only: make it durable before anybody reads it.
            file.Flush();
        }

        segments[^1] = last with { Bytes = goodEnd };
        return new RecoveredFolder(segments, last.Base + count, cut);
    }

    /// <summary>Reads a whole segment; throws at the first frame that is not good. Answers how many records it holds.</summary>
    public static long Scan(SegmentFile segment, FrameVisitor? visit)
    {
        using var reader = new FrameReader(segment.Path, segment.Base, 0, segment.Bytes, ScanBytes);
        var count = ReadGood(reader, segment, visit);
        reader.ThrowIfDamaged();
        return count;
    }

    private static (long Count, long GoodEnd) ScanTail(SegmentFile segment, FrameVisitor? visit)
    {
        using var reader = new FrameReader(segment.Path, segment.Base, 0, segment.Bytes, ScanBytes);
        var count = ReadGood(reader, segment, visit);
        if (reader.Problem is { } problem && FindGoodFrame(segment, reader.Position + 1) is { } later)
        {
            throw StorageException.Damaged(segment.Path, reader.Position, $"{problem}, yet a good record follows at byte {later}");
        }

        return (count, reader.Position);
    }

    private static long ReadGood(FrameReader reader, SegmentFile segment, FrameVisitor? visit)
    {
        var count = 0L;
        while (reader.MoveNext())
        {
            visit?.Invoke(segment, reader.FramePosition, reader.Payload);
            count++;
        }

        return count;
    }

    private static long? FindGoodFrame(SegmentFile segment, long from)
    {
        ReadOnlySpan<byte> magic = BitConverter.GetBytes(Frame.Magic);
        using var handle = File.OpenHandle(segment.Path);
        var window = new byte[ScanBytes];
        while (from + Frame.HeaderBytes <= segment.Bytes)
        {
            var read = RandomAccess.Read(handle, window, from);
            if (read < magic.Length)
            {
                return null;
            }

            var rest = window.AsSpan(0, read);
            for (var hit = rest.IndexOf(magic); hit >= 0;)
            {
                var position = from + read - rest.Length + hit;
                if (IsGoodFrame(segment, position))
                {
                    return position;
                }

                rest = rest[(hit + 1)..];
                hit = rest.IndexOf(magic);
            }

            from += read - (magic.Length - 1); // A magic may lie across two windows.
        }

        return null;
    }

    private static bool IsGoodFrame(SegmentFile segment, long position)
    {
        using var reader = new FrameReader(segment.Path, segment.Base, position, segment.Bytes, Frame.HeaderBytes);
        return reader.MoveNext();
    }
}
