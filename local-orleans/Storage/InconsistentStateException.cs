using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>The record in storage is not the one that the grain read. The activation whose write failed so is deactivated.</summary>
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    /// <summary>The record's tag.</summary>
    public string? StoredEtag { get; }

    /// <summary>The grain's tag.</summary>
    public string? CurrentEtag { get; }

    /// <summary>True until the activation that wrote has seen it: a caller that passes it on is not at fault.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}
