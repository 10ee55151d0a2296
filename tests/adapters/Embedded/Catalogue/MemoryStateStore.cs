using System.Collections.Concurrent;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Catalogue;

/// <summary>A state store that outlives the catalogues of a test, counts writes, and fails when told to.</summary>
internal sealed class MemoryStateStore : IStateStore
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private int _writes;

    public int Writes => _writes;

    /// <summary>Asked before each write; true fails it.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_values.GetValueOrDefault(key));

    public ValueTask WriteAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        if (Fails(key))
        {
            return ValueTask.FromException(new IOException("The disk is full."));
        }

        _values[key] = value.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        _values.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    public IReadOnlyList<string> Keys(string prefix) =>
        [.. _values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
}
