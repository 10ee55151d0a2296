using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Reco.Adapters.Redis.Resp;

/// <summary>
/// Writes commands: arrays of bulks, the one form that requests have in RESP2 and RESP3. Into a pooled buffer that grows; dispose it.
/// For one thread.
/// </summary>
internal sealed class RespWriter : IDisposable
{
    private const int NumberBytesMax = 24;
    private byte[] _buffer;
    private int _length;
    private int _argumentsLeft;

    public RespWriter(int bytes = 512) => _buffer = ArrayPool<byte>.Shared.Rent(bytes);

    /// <summary>Commands so far.</summary>
    public int Commands { get; private set; }

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => _argumentsLeft == 0
        ? _buffer.AsMemory(0, _length)
        : throw new InvalidOperationException($"the last command lacks {_argumentsLeft} arguments");

    /// <summary>Begins a command; exactly as many arguments must follow.</summary>
    public RespWriter Command(ReadOnlySpan<byte> name, int arguments)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(arguments);
        if (_argumentsLeft != 0)
        {
            throw new InvalidOperationException($"the last command lacks {_argumentsLeft} arguments");
        }

        Header('*', arguments + 1);
        _argumentsLeft = arguments + 1;
        Commands++;
        return Argument(name);
    }

    /// <summary>An argument as it is.</summary>
    public RespWriter Argument(ReadOnlySpan<byte> bytes)
    {
        Take();
        Header('$', bytes.Length);
        Reserve(bytes.Length + 2);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        End();
        return this;
    }

    /// <summary>An argument in UTF-8.</summary>
    public RespWriter Argument(string text)
    {
        Take();
        var bytes = Encoding.UTF8.GetByteCount(text);
        Header('$', bytes);
        Reserve(bytes + 2);
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        End();
        return this;
    }

    /// <summary>A whole number.</summary>
    public RespWriter Argument(long number)
    {
        Span<byte> digits = stackalloc byte[NumberBytesMax];
        Utf8Formatter.TryFormat(number, digits, out var length);
        return Argument(digits[..length]);
    }

    /// <summary>A score, such that reading it back gives the same bits.</summary>
    public RespWriter Argument(double number) => Argument(number.ToString("R", CultureInfo.InvariantCulture));

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _length) = ([], 0);
        }
    }

    private void Take()
    {
        if (_argumentsLeft-- == 0)
        {
            _argumentsLeft = 0;
            throw new InvalidOperationException("more arguments than the command was begun with");
        }
    }

    private void Header(char type, int number)
    {
        Reserve(NumberBytesMax);
        _buffer[_length++] = (byte)type;
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out var digits);
        _length += digits;
        End();
    }

    private void End()
    {
        _buffer[_length++] = (byte)'\r';
        _buffer[_length++] = (byte)'\n';
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + bytes, _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
