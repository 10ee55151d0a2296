namespace Reco.Adapters.Redis.Resp;

/// <summary>What a reply may be at most. A server that is none, or a broken one, must cost memory within bounds only.</summary>
internal sealed record RespLimits
{
    /// <summary>A line: text, an error, a number. Redis' own errors stay under 1 KiB.</summary>
    public int LineBytesMax { get; init; } = 64 << 10;

    /// <summary>One bulk.</summary>
    public int BulkBytesMax { get; init; } = 32 << 20;

    /// <summary>All bulks and lines of one reply together.</summary>
    public int ReplyBytesMax { get; init; } = 64 << 20;

    /// <summary>Elements of one reply over all its arrays.</summary>
    public int ElementsMax { get; init; } = 1_000_000;

    /// <summary>Arrays within arrays.</summary>
    public int DepthMax { get; init; } = 16;
}

/// <summary>What came is not RESP, or beyond the limits: the connection is of no further use.</summary>
internal sealed class RespProtocolException(string message) : Exception(message);
