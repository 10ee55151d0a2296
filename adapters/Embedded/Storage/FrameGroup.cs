namespace Reco.Adapters.Embedded.Storage;

/// <summary>Frames that will be written with one write and one flush. Filled under the writer's lock.</summary>
internal sealed class FrameGroup
{
    private byte[] _buffer = [];
    private int _sealed;

    /// <summary>Base of the segment that the group goes to.</summary>
    public long Segment { get; private set; }

    /// <summary>Where in the segment it begins.</summary>
    public long Start { get; private set; }

    public long FirstOrdinal { get; private set; }

    public int Count { get; private set; }

    public int Bytes => _sealed;

    public long End => Start + _sealed;

    public long NextOrdinal => FirstOrdinal + Count;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _sealed);

    /// <summary>Completes when the group is durable, or fails.</summary>
    public TaskCompletionSource Durable { get; private set; } = NewSource();

    public void Reset(long segment, long start, long firstOrdinal, int keptBytesMax)
    {
        (Segment, Start, FirstOrdinal, Count, _sealed) = (segment, start, firstOrdinal, 0, 0);
        Durable = NewSource();
        if (_buffer.Length > keptBytesMax)
        {
            _buffer = [];
        }
    }

    /// <summary>Room for one payload, to be filled and then sealed.</summary>
    public Span<byte> Reserve(int payloadBytes)
    {
        var end = checked(_sealed + Frame.HeaderBytes + payloadBytes);
        if (end > _buffer.Length)
        {
            var grown = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, Math.Max(end, 2L * _buffer.Length)));
            Written.CopyTo(grown);
            _buffer = grown;
        }

        return _buffer.AsSpan(_sealed + Frame.HeaderBytes, payloadBytes);
    }

    /// <summary>Makes a record of the payload reserved last; answers where its frame stands.</summary>
    public long Seal(int payloadBytes)
    {
        var position = End;
        var frameBytes = Frame.HeaderBytes + payloadBytes;
        Frame.Seal(_buffer.AsSpan(_sealed, frameBytes), Segment, position);
        _sealed += frameBytes;
        Count++;
        return position;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
