using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>Appends messages to one growing buffer: the bytes that <see cref="PurchaseJson"/> makes, without objects on the way.</summary>
internal sealed class PurchaseWriter(byte[] eventIdPrefix)
{
    /// <summary>Names, punctuation, numbers and the date of a message; each with room to spare.</summary>
    private const int FixedBytesMax = 512;

    /// <summary>A UTF-16 unit escaped as \uXXXX, the longest form.</summary>
    private const int EscapedBytesMax = 6;

    private byte[] _buffer = new byte[1024 * 1024];
    private int _at;

    public byte[] Buffer => _buffer;

    public int Length => _at;

    public void Clear() => _at = 0;

    /// <summary>Makes room for a message whose texts have so many bytes, or characters, together.</summary>
    public void Reserve(int texts)
    {
        var needed = _at + FixedBytesMax + eventIdPrefix.Length + (texts * EscapedBytesMax);
        if (needed > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(needed, _buffer.Length * 2));
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>Writes text escaped for JSON.</summary>
    public void Escaped(ReadOnlySpan<char> text)
    {
        // In steps, so that a surrogate pair is never cut: the encoder works on UTF-8 whole.
        Span<byte> utf8 = text.Length <= 256 ? stackalloc byte[768] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = Encoding.UTF8.GetBytes(text, utf8);
        _ = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8[..length], _buffer.AsSpan(_at), out _, out var written);
        _at += written;
    }

    public void EventId(long row)
    {
        Raw("{\"event_id\":\""u8);
        Raw(eventIdPrefix);
        Number(row);
    }

    public void Number(long value)
    {
        _ = Utf8Formatter.TryFormat(value, _buffer.AsSpan(_at), out var written);
        _at += written;
    }

    public void Number(decimal value)
    {
        _ = value.TryFormat(_buffer.AsSpan(_at), out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _at += written;
    }

    /// <summary>A number with a fixed count of decimals: (1530, 2) is 15.30.</summary>
    public void Fixed(long unscaled, int decimals)
    {
        if (unscaled < 0)
        {
            _buffer[_at++] = (byte)'-';
            unscaled = -unscaled;
        }

        if (decimals == 0)
        {
            Number(unscaled);
            return;
        }

        var power = PowersOfTen[decimals];
        var (whole, fraction) = Math.DivRem(unscaled, power);
        Number(whole);
        _buffer[_at++] = (byte)'.';
        for (var place = _at + decimals - 1; place >= _at; place--)
        {
            (fraction, var digit) = Math.DivRem(fraction, 10);
            _buffer[place] = (byte)('0' + digit);
        }

        _at += decimals;
    }

    /// <summary>Powers of ten up to the decimals that <see cref="Fixed"/> takes.</summary>
    private static ReadOnlySpan<long> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>The date as JSON has it, <c>2010-12-01T08:26:00Z</c>; milliseconds only where there are some.</summary>
    public static byte[] DateText(long atMs) => Encoding.ASCII.GetBytes(
        System.Text.Json.JsonSerializer.Serialize(DateTimeOffset.FromUnixTimeMilliseconds(atMs).UtcDateTime).Trim('"'));
}
