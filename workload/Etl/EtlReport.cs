namespace Reco.Workload.Etl;

/// <summary>What a run did.</summary>
public sealed record EtlReport
{
    /// <summary>Whether a new index was built.</summary>
    public required bool IsFull { get; init; }

    /// <summary>The index that answers the searches now.</summary>
    public required string Generation { get; init; }

    /// <summary>Products written.</summary>
    public required long Written { get; init; }

    /// <summary>Products removed.</summary>
    public required long Removed { get; init; }

    /// <summary>Products left out: they break a rule of the shop's, or the index refused them.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Products in a half-built index that the run went on from; 0 when it began anew.</summary>
    public long ResumedAfter { get; init; }

    /// <summary>Days of order aggregates written.</summary>
    public int Days { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Phase">"build" or "changes".</param>
/// <param name="Written">Products written so far.</param>
/// <param name="PerSecond">How many a second.</param>
public sealed record EtlProgress(string Phase, long Written, double PerSecond);

/// <summary>The run cannot be done or must not be; the message says why.</summary>
public sealed class EtlException(string message) : Exception(message);
