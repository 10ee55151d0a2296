using Microsoft.Win32.SafeHandles;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>
/// Reads the frames of one segment in order through a buffer of its own, a large piece at a time. Payloads are slices of the buffer,
/// valid until the next <see cref="Fill"/> (or <see cref="MoveNext"/>). For one thread at a time.
/// </summary>
internal sealed class FrameReader : IDisposable
{
    private readonly string _path;
    private readonly long _segment;
    private readonly SafeFileHandle _handle;
    private byte[] _buffer;
    private long _bufferPosition;
    private int _next;
    private int _filled;
    private int _needed;

    public FrameReader(string path, long segment, long start, long end, int bufferBytes)
    {
        _path = path;
        _segment = segment;
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _buffer = GC.AllocateUninitializedArray<byte>(bufferBytes);
        _bufferPosition = start;
        End = end;
    }

    /// <summary>Where reading stops: the durable length, which may grow.</summary>
    public long End { get; set; }

    /// <summary>Where the next frame begins.</summary>
    public long Position => _bufferPosition + _next;

    /// <summary>Where the frame of <see cref="Payload"/> begins.</summary>
    public long FramePosition { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Takes the next frame out of the buffer, without reading the file.</summary>
    public FrameState Next()
    {
        var rest = _buffer.AsSpan(_next, _filled - _next);
        var state = Frame.Judge(rest, _segment, Position, out var payloadBytes);
        _needed = Frame.HeaderBytes + payloadBytes;
        if (state == FrameState.Good)
        {
            FramePosition = Position;
            Payload = _buffer.AsMemory(_next + Frame.HeaderBytes, payloadBytes);
            _next += _needed;
        }

        return state;
    }

    /// <summary>Reads on, keeping what was not yet taken. False when the frame that is needed does not end before <see cref="End"/>.</summary>
    public bool Fill()
    {
        if (Position + _needed > End)
        {
            return false; // Also keeps a damaged length from asking for a huge buffer.
        }

        var rest = _buffer.AsSpan(_next, _filled - _next);
        var target = _needed > _buffer.Length ? GC.AllocateUninitializedArray<byte>(_needed) : _buffer;
        rest.CopyTo(target);
        _bufferPosition += _next;
        _next = 0;
        _filled = rest.Length;
        _buffer = target;
        while (_filled < _needed)
        {
            var wanted = (int)Math.Min(_buffer.Length - _filled, End - _bufferPosition - _filled);
            var got = RandomAccess.Read(_handle, _buffer.AsSpan(_filled, wanted), _bufferPosition + _filled);
            if (got == 0)
            {
                throw StorageException.Damaged(_path, _bufferPosition + _filled, $"the file ends here, but {End} bytes were durable");
            }

            _filled += got;
        }

        return true;
    }

    /// <summary>The next frame, reading when needed; false at the end and at a frame that is not good: see <see cref="Problem"/>.</summary>
    public bool MoveNext()
    {
        while (true)
        {
            switch (Next())
            {
                case FrameState.Good:
                    return true;
                case FrameState.Bad:
                    return false;
                default:
                    if (!Fill())
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    /// <summary>Why the frame at <see cref="Position"/> is not good; null when there is none because the end is reached.</summary>
    public string? Problem => Position == End
        ? null
        : Next() == FrameState.Bad ? "a record fails its checksum" : $"a record is cut short by the end of the file at byte {End}";

    /// <summary>Throws when reading stopped before the end.</summary>
    public void ThrowIfDamaged()
    {
        if (Problem is { } problem)
        {
            throw StorageException.Damaged(_path, Position, problem);
        }
    }

    public void Dispose() => _handle.Dispose();
}
