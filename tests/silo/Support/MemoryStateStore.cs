using System.Collections.Concurrent;
using Reco.Core.Ports;

namespace Reco.Silo.Tests.Support;

/// <summary>The port in memory.</summary>
internal sealed class MemoryStateStore : IStateStore
{
    public ConcurrentDictionary<string, byte[]> Values { get; } = new(StringComparer.Ordinal);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(Values.GetValueOrDefault(key));

    public ValueTask WriteAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        Values[key] = value.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken)
    {
        Values.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }

    public IReadOnlyList<string> Keys(string prefix) => [.. Values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
}
