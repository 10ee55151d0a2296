using System.Buffers.Text;

namespace Reco.Adapters.Redis.Resp;

/// <summary>
/// Reads replies from bytes as they come, in pieces of any size. It goes on where it stopped: no byte is looked at twice, however a large reply
/// is cut. For one thread. After an exception it is of no further use.
/// </summary>
internal sealed class RespParser(RespLimits? limits = null)
{
    /// <summary>Arrays grow as elements arrive: a count is only a promise.</summary>
    private const int ElementsReservedMax = 1_024;

    private readonly RespLimits _limits = limits ?? new RespLimits();
    private readonly Stack<Aggregate> _open = new();
    private byte[] _line = new byte[256];
    private int _lineLength;
    private byte[]? _bulk;
    private int _bulkLength;
    private RespKind _bulkKind;
    private int _bulkTail;
    private long _replyBytes;
    private long _replyElements;

    /// <summary>Whether a reply has begun and is not complete.</summary>
    public bool IsMidReply => _open.Count > 0 || _bulk is not null || _lineLength > 0;

    /// <summary>
    /// Takes bytes from the front of <paramref name="input"/> until a reply is complete, or there are no more. Call it again with what is left.
    /// </summary>
    /// <exception cref="RespProtocolException">The bytes are not RESP, or beyond the limits.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out RespReply reply)
    {
        while (input.Length > 0)
        {
            if (_bulk is null ? TryReadLine(ref input, out reply) : TryReadBulk(ref input, out reply))
            {
                if (Complete(ref reply))
                {
                    (_replyBytes, _replyElements) = (0, 0);
                    return true;
                }
            }
        }

        reply = default;
        return false;
    }

    /// <summary>A whole line makes a scalar, or opens a bulk or an aggregate (then false).</summary>
    private bool TryReadLine(ref ReadOnlySpan<byte> input, out RespReply reply)
    {
        var end = input.IndexOf((byte)'\n');
        var piece = end < 0 ? input : input[..(end + 1)];
        input = input[piece.Length..];
        if (_lineLength + piece.Length > _limits.LineBytesMax)
        {
            throw new RespProtocolException($"a line of more than {_limits.LineBytesMax} bytes");
        }

        if (end >= 0 && _lineLength == 0)
        {
            return TakeLine(piece, out reply);
        }

        if (_lineLength + piece.Length > _line.Length)
        {
            Array.Resize(ref _line, Math.Max(_lineLength + piece.Length, _line.Length * 2));
        }

        piece.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += piece.Length;
        if (end < 0)
        {
            reply = default;
            return false;
        }

        var line = _line.AsSpan(0, _lineLength);
        _lineLength = 0;
        return TakeLine(line, out reply);
    }

    private bool TakeLine(ReadOnlySpan<byte> line, out RespReply reply)
    {
        if (line.SequenceEqual("+OK\r\n"u8))
        {
            reply = RespReply.Ok;
            return true;
        }

        if (line.Length < 3 || line[^2] != '\r')
        {
            throw new RespProtocolException("a line without its type or its end");
        }

        var rest = line[1..^2];
        reply = default;
        switch (line[0])
        {
            case (byte)'+':
                reply = Scalar(RespKind.Text, rest);
                return true;
            case (byte)'-':
                reply = Scalar(RespKind.Error, rest);
                return true;
            case (byte)':':
                reply = RespReply.Of(Number(rest));
                return true;
            case (byte)',':
                reply = Scalar(RespKind.Double, rest);
                return true;
            case (byte)'(':
                reply = Scalar(RespKind.BigNumber, rest);
                return true;
            case (byte)'#' when rest.SequenceEqual("t"u8) || rest.SequenceEqual("f"u8):
                reply = RespReply.Of(rest[0] == 't');
                return true;
            case (byte)'_' when rest.IsEmpty:
                reply = RespReply.Null;
                return true;
            case (byte)'$' or (byte)'=' or (byte)'!':
                return OpenBulk(line[0] == '!' ? RespKind.Error : RespKind.Bulk, Number(rest), out reply);
            case (byte)'*' or (byte)'~':
                return OpenAggregate(RespKind.Array, Number(rest), 1, out reply);
            case (byte)'%':
                return OpenAggregate(RespKind.Map, Number(rest), 2, out reply);
            case (byte)'|':
                return OpenAggregate(RespKind.None, Number(rest), 2, out reply);
            case (byte)'>':
                return OpenAggregate(RespKind.Push, Number(rest), 1, out reply);
            default:
                throw new RespProtocolException($"no reply begins with byte {line[0]}: is it Redis that listens there?");
        }
    }

    private bool OpenBulk(RespKind kind, long length, out RespReply reply)
    {
        reply = RespReply.Null;
        if (length == -1)
        {
            return true;
        }

        if (length < 0 || length > _limits.BulkBytesMax)
        {
            throw new RespProtocolException($"a bulk of {length} bytes; at most {_limits.BulkBytesMax} are taken");
        }

        Count(length);
        (_bulk, _bulkLength, _bulkKind, _bulkTail) = (new byte[length], 0, kind, 0);
        return false;
    }

    private bool TryReadBulk(ref ReadOnlySpan<byte> input, out RespReply reply)
    {
        var piece = input[..Math.Min(input.Length, _bulk!.Length - _bulkLength)];
        piece.CopyTo(_bulk.AsSpan(_bulkLength));
        _bulkLength += piece.Length;
        input = input[piece.Length..];
        reply = default;
        while (_bulkLength == _bulk.Length && _bulkTail < 2 && input.Length > 0)
        {
            if (input[0] != "\r\n"u8[_bulkTail])
            {
                throw new RespProtocolException("a bulk that is longer than it said");
            }

            input = input[1..];
            _bulkTail++;
        }

        if (_bulkTail < 2)
        {
            return false;
        }

        reply = RespReply.Of(_bulkKind, _bulk);
        _bulk = null;
        return true;
    }

    private bool OpenAggregate(RespKind kind, long count, int perEntry, out RespReply reply)
    {
        reply = RespReply.Null;
        if (count == -1 && perEntry == 1)
        {
            return true;
        }

        if (count < 0 || count > _limits.ElementsMax || _replyElements + (count * perEntry) > _limits.ElementsMax)
        {
            throw new RespProtocolException($"{count} elements; at most {_limits.ElementsMax} are taken in one reply");
        }

        if (_open.Count == _limits.DepthMax)
        {
            throw new RespProtocolException($"arrays more than {_limits.DepthMax} deep");
        }

        var elements = (int)count * perEntry;
        _replyElements += elements;
        if (elements == 0)
        {
            // An attribute says something about the reply after it; without content it says nothing.
            reply = RespReply.Of(kind, Array.Empty<RespReply>());
            return kind != RespKind.None;
        }

        _open.Push(new Aggregate(kind, elements));
        return false;
    }

    /// <summary>Puts the reply into the innermost open aggregate; true when it, or what it completes, is a whole reply.</summary>
    private bool Complete(ref RespReply reply)
    {
        while (_open.TryPeek(out var inner))
        {
            if (!inner.Add(reply))
            {
                return false;
            }

            _open.Pop();
            if (inner.Kind == RespKind.None)
            {
                return false;
            }

            reply = RespReply.Of(inner.Kind, inner.Items);
        }

        return true;
    }

    private RespReply Scalar(RespKind kind, ReadOnlySpan<byte> bytes)
    {
        Count(bytes.Length);
        return RespReply.Of(kind, bytes.ToArray());
    }

    private void Count(long bytes)
    {
        _replyBytes += bytes;
        if (_replyBytes > _limits.ReplyBytesMax)
        {
            throw new RespProtocolException($"a reply of more than {_limits.ReplyBytesMax} bytes");
        }
    }

    private static long Number(ReadOnlySpan<byte> digits)
    {
        // Redis writes no sign but the minus; the parser of .NET would take a plus.
        if (digits.IsEmpty || digits[0] == '+' || !Utf8Parser.TryParse(digits, out long value, out var used) || used != digits.Length)
        {
            throw new RespProtocolException("a number that is none");
        }

        return value;
    }

    /// <summary>An array that is not complete.</summary>
    private sealed class Aggregate(RespKind kind, int elements)
    {
        private RespReply[] _items = new RespReply[Math.Min(elements, ElementsReservedMax)];
        private int _count;

        public RespKind Kind => kind;

        public RespReply[] Items => _items;

        /// <summary>True when it was the last.</summary>
        public bool Add(RespReply item)
        {
            if (_count == _items.Length)
            {
                Array.Resize(ref _items, (int)Math.Min(elements, _items.Length * 2L));
            }

            _items[_count++] = item;
            return _count == elements;
        }
    }
}
