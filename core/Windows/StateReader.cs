using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reco.Core.Windows;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote. Whatever the bytes are, it answers with a value or with an
/// <see cref="InvalidDataException"/> that names the state, and allocates no more than the bytes can hold.
/// </summary>
internal ref struct StateReader
{
    public const int DecimalSign = 0x20;
    public const int DecimalWide = 0x40;

    private const int DecimalScaleMax = 28;

    private readonly ReadOnlySpan<byte> _fields;
    private readonly string _what;
    private int _position;

    public StateReader(ReadOnlySpan<byte> bytes, byte version, string what)
    {
        _what = what;
        if (bytes.Length < 1 + StateWriter.ChecksumBytes)
        {
            Fail($"{bytes.Length} bytes are too few");
        }

        if (bytes[0] != version)
        {
            Fail($"version {bytes[0]} is not known, this program reads version {version}");
        }

        var body = bytes[..^StateWriter.ChecksumBytes];
        if (StateWriter.Checksum(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[^StateWriter.ChecksumBytes..]))
        {
            Fail("the checksum does not match, the bytes are damaged or cut short");
        }

        _fields = body;
        _position = 1;
    }

    private readonly int Remaining => _fields.Length - _position;

    public byte Byte()
    {
        if (_position >= _fields.Length)
        {
            Fail("it ends in the middle of a field");
        }

        return _fields[_position++];
    }

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        Fail("a number has more than 64 bits");
        return 0;
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count from 0 to <paramref name="max"/>.</summary>
    public long Count(long max = long.MaxValue)
    {
        var value = Unsigned();
        if (value > (ulong)max)
        {
            Fail($"{value} is more than {max}");
        }

        return (long)value;
    }

    /// <summary>A number of elements that follow, each of at least <paramref name="bytesEachMin"/> bytes.</summary>
    public int Length(int bytesEachMin)
    {
        var value = Unsigned();
        if (value > (ulong)(Remaining / bytesEachMin))
        {
            Fail($"{value} elements do not fit into the {Remaining} bytes left");
        }

        return (int)value;
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    /// <summary>A finite number, 0 or more: everything kept as a double here is.</summary>
    public double Double()
    {
        var value = BitConverter.UInt64BitsToDouble(Fixed64());
        if (!double.IsFinite(value) || value < 0)
        {
            Fail($"{value} is not a finite number of 0 or more");
        }

        return value;
    }

    /// <summary>A finite number above 0.</summary>
    public float Single()
    {
        var head = Unsigned();
        if (head > 1 && (head & 1) == 0 && head < 1UL << 25)
        {
            return head >> 1;
        }

        var value = head == 1 ? BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float))) : float.NaN;
        if (!float.IsFinite(value) || value <= 0)
        {
            Fail("a weight is not a finite number above 0");
        }

        return value;
    }

    public decimal Decimal()
    {
        var head = Byte();
        var low = Unsigned();
        var high = (head & DecimalWide) != 0 ? Count(uint.MaxValue) : 0;
        var scale = head & 0x1F;
        if (scale > DecimalScaleMax || head >= 0x80)
        {
            Fail("a decimal is not in its format");
        }

        return new decimal((int)low, (int)(low >> 32), (int)(uint)high, (head & DecimalSign) != 0, (byte)scale);
    }

    public string Text()
    {
        var head = Unsigned();
        var characters = head >> 1;
        var utf16 = (head & 1) != 0;
        if (characters > (ulong)(utf16 ? Remaining / sizeof(char) : Remaining))
        {
            Fail($"a text of {characters} characters does not fit into the {Remaining} bytes left");
        }

        var bytes = Bytes((int)characters * (utf16 ? sizeof(char) : 1));
        if (utf16)
        {
            return string.Create((int)characters, bytes, static (target, source) =>
            {
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(char))..]);
                }
            });
        }

        if (!Ascii.IsValid(bytes))
        {
            Fail("a text is not ASCII as it claims");
        }

        return Encoding.ASCII.GetString(bytes);
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > Remaining)
        {
            Fail("it ends in the middle of a field");
        }

        var span = _fields.Slice(_position, count);
        _position += count;
        return span;
    }

    /// <summary>Says that everything was read.</summary>
    public readonly void End()
    {
        if (Remaining != 0)
        {
            Fail($"{Remaining} bytes follow its end");
        }
    }

    [DoesNotReturn]
    public readonly void Fail(string fault) => throw new InvalidDataException($"{_what}: {fault}");
}
