namespace Reco.Adapters.Postgres.Tuning;

/// <summary>Why the laboratory gives no answer.</summary>
public enum TuningFault
{
    /// <summary>PostgreSQL is down, or refuses us: somebody has to do something.</summary>
    Unavailable,

    /// <summary>The tables are missing or empty.</summary>
    NotSeeded,

    /// <summary>Too many requests at one time, or somebody else holds a lock: try again.</summary>
    Busy,

    /// <summary>What the caller sent is not allowed or not valid.</summary>
    BadInput,

    /// <summary>The statement is valid, and takes too long or gives too much.</summary>
    TooMuch,
}

/// <summary>No answer, with a sentence that says what to do.</summary>
public sealed class TuningException(TuningFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public TuningFault Fault => fault;

    /// <summary>The input that is at fault: "query", "table", "page", ...</summary>
    public string? Field { get; init; }
}
