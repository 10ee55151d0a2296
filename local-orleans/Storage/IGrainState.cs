namespace Orleans;

/// <summary>A record on its way between a grain and a storage.</summary>
public interface IGrainState<T>
{
    /// <summary>The value.</summary>
    T? State { get; set; }

    /// <summary>The storage's version of the record.</summary>
    string? ETag { get; set; }

    /// <summary>True when the storage holds the record.</summary>
    bool RecordExists { get; set; }
}

/// <summary>A record on its way between a grain and a storage.</summary>
public sealed class GrainState<T> : IGrainState<T>
{
    public GrainState()
    {
    }

    public GrainState(T? state)
        : this(state, null)
    {
    }

    public GrainState(T? state, string? eTag)
    {
        State = state;
        ETag = eTag;
    }

    /// <inheritdoc/>
    public T? State { get; set; }

    /// <inheritdoc/>
    public string? ETag { get; set; }

    /// <inheritdoc/>
    public bool RecordExists { get; set; }
}
