using System.Collections.Concurrent;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>Keeps the readers it is given and notes what it is told, in order.</summary>
public sealed class RecordingConsumer : IPartitionConsumer
{
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentDictionary<int, IPartitionReader> _readers = new();

    public IReadOnlyList<string> Told => [.. _told];

    public IReadOnlyDictionary<int, IPartitionReader> Readers => _readers;

    /// <summary>Runs inside <see cref="RevokedAsync"/>.</summary>
    public Func<IPartitionReader, Task> OnRevoked { get; set; } = _ => Task.CompletedTask;

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        _told.Enqueue($"assigned {reader.Partition}");
        _readers[reader.Partition] = reader;
        return Task.CompletedTask;
    }

    public async Task RevokedAsync(int partition, CancellationToken cancellationToken)
    {
        await OnRevoked(_readers[partition]);
        _told.Enqueue($"revoked {partition}");
    }

    public Task LostAsync(int partition, CancellationToken cancellationToken)
    {
        _told.Enqueue($"lost {partition}");
        return Task.CompletedTask;
    }
}
