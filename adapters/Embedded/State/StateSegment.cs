using Microsoft.Win32.SafeHandles;
using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded.State;

/// <summary>One file of the store: how much of it lives, and reading from it.</summary>
internal sealed class StateSegment(string folder, long firstOrdinal) : IDisposable
{
    private readonly Lock _gate = new();
    private SafeFileHandle? _handle;
    private bool _isGone;

    public long Base => firstOrdinal;

    public string Path { get; } = SegmentFile.PathOf(folder, firstOrdinal);

    /// <summary>Bytes of all its frames. Guarded by the index.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes of the frames that are somebody's newest. Guarded by the index.</summary>
    public long LiveBytes { get; set; }

    /// <summary>Reads and checks a frame; null when compaction has removed the file, and the record stands elsewhere now.</summary>
    public byte[]? TryReadFrame(long position, int frameBytes)
    {
        var frame = GC.AllocateUninitializedArray<byte>(frameBytes);
        try
        {
            if (Handle() is not { } handle)
            {
                return null;
            }

            for (int read, filled = 0; filled < frameBytes; filled += read)
            {
                read = RandomAccess.Read(handle, frame.AsSpan(filled), position + filled);
                if (read == 0)
                {
                    throw StorageException.Damaged(Path, position, "the file ends inside the record");
                }
            }
        }
        catch (ObjectDisposedException) when (Handle() is null)
        {
            return null;
        }

        return Frame.Judge(frame, firstOrdinal, position, out _) == FrameState.Good
            ? frame
            : throw StorageException.Damaged(Path, position, "a record fails its checksum");
    }

    /// <summary>Ends reading.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            _handle?.Dispose();
            _handle = null;
        }
    }

    private SafeFileHandle? Handle()
    {
        lock (_gate)
        {
            return _isGone
                ? null
                : _handle ??= File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
    }
}
