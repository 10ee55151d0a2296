namespace Reco.Adapters.Redis.Resp;

/// <summary>What a reply is; RESP2 and RESP3.</summary>
internal enum RespKind : byte
{
    /// <summary>The reply of nobody: <c>default</c>.</summary>
    None,

    /// <summary>"+OK".</summary>
    Text,

    /// <summary>"-ERR ..." or RESP3's bulk error.</summary>
    Error,

    /// <summary>":42".</summary>
    Integer,

    /// <summary>"$5\r\nhello", or RESP3's verbatim text with its three-letter format in front.</summary>
    Bulk,

    /// <summary>A missing value: "$-1", "*-1" or RESP3's "_".</summary>
    Null,

    /// <summary>RESP3's ",1.5", as it came.</summary>
    Double,

    /// <summary>RESP3's "#t".</summary>
    Boolean,

    /// <summary>RESP3's "(123...", as it came.</summary>
    BigNumber,

    /// <summary>"*2", or RESP3's set.</summary>
    Array,

    /// <summary>RESP3's map: keys and values in turn.</summary>
    Map,

    /// <summary>RESP3's message that nobody asked for.</summary>
    Push,
}
