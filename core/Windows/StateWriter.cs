using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Reco.Core.Windows;

/// <summary>
/// Writes a state object: a version byte, the fields, and a CRC-32C of both, so that any damage is found when it is read.
/// Everything is little-endian; integers are varints (LEB128) because most counts are small.
/// </summary>
internal ref struct StateWriter
{
    /// <summary>Bytes of the checksum at the end.</summary>
    public const int ChecksumBytes = 4;

    private byte[] _buffer;
    private int _length;

    public StateWriter(byte version, int capacityHintBytes = 256)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacityHintBytes);
        _buffer[0] = version;
        _length = 1;
    }

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void Unsigned(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    /// <summary>A count, which is never negative.</summary>
    public void Count(long value) => Unsigned(checked((ulong)value));

    /// <summary>Zigzag, so that small negative numbers are short too.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed64(ulong value)
    {
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(ulong);
    }

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A whole number below 2^24 (sums of event weights nearly always are) as an even varint; anything else as 1 and its four bytes.</summary>
    public void Single(float value)
    {
        if (value is >= 0 and < 1 << 24 && value == (int)value && !float.IsNegative(value))
        {
            Unsigned((ulong)(int)value << 1);
            return;
        }

        Byte(1);
        Reserve(sizeof(float));
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.AsSpan(_length), value);
        _length += sizeof(float);
    }

    /// <summary>Exact, scale included: scale and sign in one byte, then the 96-bit integer as one or two varints.</summary>
    public void Decimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0x1F;
        var sign = bits[3] < 0 ? StateReader.DecimalSign : 0;
        var wide = bits[2] != 0 ? StateReader.DecimalWide : 0;
        Byte((byte)(scale | sign | wide));
        Unsigned(((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        if (wide != 0)
        {
            Unsigned((uint)bits[2]);
        }
    }

    /// <summary>One byte a character when all are ASCII, else UTF-16 as it is, which keeps even a lone surrogate.</summary>
    public void Text(string value)
    {
        var ascii = Ascii.IsValid(value);
        Unsigned(((ulong)value.Length << 1) | (ascii ? 0UL : 1UL));
        Reserve(value.Length * sizeof(char));
        var target = _buffer.AsSpan(_length);
        if (ascii)
        {
            Ascii.FromUtf16(value, target, out var written);
            _length += written;
            return;
        }

        foreach (var unit in value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_length), unit);
            _length += sizeof(char);
        }
    }

    /// <summary>A field or a part of a field that is bytes already.</summary>
    public Span<byte> Bytes(int count)
    {
        Reserve(count);
        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    /// <summary>The finished bytes; the writer is of no use afterwards.</summary>
    public byte[] Finish()
    {
        Reserve(ChecksumBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), Checksum(_buffer.AsSpan(0, _length)));
        _length += ChecksumBytes;
        var result = _buffer.AsSpan(0, _length).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return result;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Grow(bytes);
        }
    }

    private void Grow(int bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
