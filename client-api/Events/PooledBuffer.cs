using System.Buffers;

namespace Reco.ClientApi.Events;

/// <summary>A growing rented array. Not returned on its own: the log may still hold slices of it after a failed append.</summary>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] _rented = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>A part of what was written; take it only when writing is over, for growing moves the bytes.</summary>
    public ReadOnlyMemory<byte> Slice(int start, int end) => _rented.AsMemory(start, end - start);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _rented.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _rented.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _rented.AsSpan(Length);
    }

    /// <summary>Gives the array back; call it only when nobody reads the slices any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = [];
        Length = 0;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _rented.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _rented.Length * 2));
        _rented.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = larger;
    }
}
