namespace Orleans.Core;

/// <summary>A grain's hold on one record of a storage.</summary>
public interface IStorage
{
    /// <summary>The storage's version of the record that was last read or written; null when there is none.</summary>
    string? Etag { get; }

    /// <summary>True when the storage held the record at the last read, write or clear.</summary>
    bool RecordExists { get; }

    /// <summary>Removes the record and resets the state.</summary>
    Task ClearStateAsync();

    /// <summary>Replaces the record with the state.</summary>
    Task WriteStateAsync();

    /// <summary>Replaces the state with the record.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>A grain's hold on one record of a storage.</summary>
public interface IStorage<TState> : IStorage
{
    /// <summary>The record's value in memory.</summary>
    TState State { get; set; }
}
