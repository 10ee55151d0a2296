using System.Text;

namespace Reco.Adapters.Redis.Resp;

/// <summary>One reply, with what it holds.</summary>
internal readonly struct RespReply
{
    private static readonly byte[] OkBytes = "OK"u8.ToArray();

    private readonly object? _content;

    private RespReply(RespKind kind, long integer, object? content) => (Kind, Integer, _content) = (kind, integer, content);

    /// <summary>"+OK", which most replies are.</summary>
    public static RespReply Ok { get; } = new(RespKind.Text, 0, OkBytes);

    public static RespReply Null { get; } = new(RespKind.Null, 0, null);

    public RespKind Kind { get; }

    /// <summary>Of an integer; 1 or 0 of a boolean.</summary>
    public long Integer { get; }

    /// <summary>Of text, errors, bulks, doubles and big numbers; empty otherwise.</summary>
    public byte[] Bytes => _content as byte[] ?? [];

    /// <summary>Of arrays, maps and pushes; empty otherwise.</summary>
    public RespReply[] Items => _content as RespReply[] ?? [];

    public bool IsError => Kind == RespKind.Error;

    public bool IsOk => Kind == RespKind.Text && (ReferenceEquals(_content, OkBytes) || Bytes.AsSpan().SequenceEqual(OkBytes));

    /// <summary>The bytes as text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    public static RespReply Of(RespKind kind, byte[] bytes) => new(kind, 0, bytes);

    public static RespReply Of(RespKind kind, RespReply[] items) => new(kind, 0, items);

    public static RespReply Of(long integer) => new(RespKind.Integer, integer, null);

    public static RespReply Of(bool value) => new(RespKind.Boolean, value ? 1 : 0, null);

    /// <summary>As a person would write it, for messages and tests.</summary>
    public override string ToString() => Kind switch
    {
        RespKind.None or RespKind.Null => Kind.ToString(),
        RespKind.Integer or RespKind.Boolean => $"{Kind} {Integer}",
        RespKind.Array or RespKind.Map or RespKind.Push => $"{Kind} [{string.Join(", ", Items)}]",
        _ => $"{Kind} {Text}",
    };
}
