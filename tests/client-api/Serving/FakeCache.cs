using System.Collections.Concurrent;
using System.Text;
using Reco.Core.Ports;

namespace Reco.ClientApi.Tests.Serving;

/// <summary>A cache that can be away, slow and full.</summary>
internal sealed class FakeCache : IServingCache
{
    public bool IsAvailable { get; set; } = true;

    public string? Problem => Failure?.Message;

    public long Generation => 1;

    /// <summary>Thrown by every call, when set.</summary>
    public ServingCacheException? Failure { get; set; }

    /// <summary>When set, every call waits for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    /// <summary>Ends when a read has begun.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many reads there were.</summary>
    public int Reads { get; private set; }

    public ConcurrentDictionary<string, ServingDocument> Documents { get; } = new();

    /// <summary>How many documents each write carried.</summary>
    public ConcurrentQueue<int> Writes { get; } = new();

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        Reads++;
        await WaitAsync();
        return Documents.TryGetValue(key, out var document) ? document.Json : null;
    }

    public ValueTask<IReadOnlyList<RankedMember>> ReadRankingAsync(string key, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async ValueTask WriteAsync(ServingWrites writes, CancellationToken cancellationToken)
    {
        await WaitAsync();
        Writes.Enqueue(writes.Documents.Count);
        foreach (var document in writes.Documents)
        {
            Documents[document.Key] = document;
        }
    }

    public void Put(string key, string json) => Documents[key] = new ServingDocument(key, Encoding.UTF8.GetBytes(json), TimeSpan.FromHours(1));

    private async Task WaitAsync()
    {
        if (Held is { } held)
        {
            await held.Task;
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }
}
