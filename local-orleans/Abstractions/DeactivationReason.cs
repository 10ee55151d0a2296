namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason
{
    /// <summary>A reason in words.</summary>
    public DeactivationReason(DeactivationReasonCode code, string text)
        : this(code, null, text)
    {
    }

    /// <summary>A reason with the exception behind it.</summary>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Description = text;
        Exception = exception;
    }

    /// <summary>In words.</summary>
    public string Description { get; }

    /// <summary>Which kind.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>What went wrong, if anything.</summary>
    public Exception? Exception { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        Exception is null ? $"{ReasonCode}: {Description}" : $"{ReasonCode}: {Description}. Exception: {Exception}";
}

/// <summary>Kinds of reasons, numbered as in Orleans; the local host gives those that are described here.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>None given.</summary>
    None,

    /// <summary>The host stops.</summary>
    ShuttingDown,

    /// <summary>The constructor, reading state or OnActivateAsync failed.</summary>
    ActivationFailed,

    DirectoryFailure,

    /// <summary>No call for longer than the collection age.</summary>
    ActivationIdle,

    ActivationUnresponsive,

    DuplicateActivation,

    IncompatibleRequest,

    /// <summary>The grain threw an exception after which its state cannot be trusted.</summary>
    ApplicationError,

    /// <summary>DeactivateOnIdle was called.</summary>
    ApplicationRequested,

    Migrating,

    RuntimeRequested,

    HighMemoryPressure,
}
