namespace Reco.Core.Ports;

/// <summary>Durable values by key. A value is replaced whole or not at all, whatever happens. Safe to use from any thread.</summary>
public interface IStateStore
{
    /// <summary>The value, or null when there is none.</summary>
    ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the value; completes when it is durable. Concurrent writes share one flush to disk; of two writes to one key the one
    /// that was called later wins.
    /// </summary>
    ValueTask WriteAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Removes the value, if there is one; durable when it completes.</summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>A snapshot of the keys that begin with <paramref name="prefix"/> (ordinal), in no order.</summary>
    IReadOnlyList<string> Keys(string prefix);
}
