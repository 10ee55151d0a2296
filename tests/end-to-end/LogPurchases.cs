using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Embedded;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Testing;

namespace Reco.EndToEnd.Tests;

/// <summary>The purchases in a journal on disk that no process has open: the first of each event id.</summary>
internal sealed class LogPurchases : IPartitionConsumer
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ShopEvent> _purchases = [];
    private readonly List<Task> _readings = [];

    /// <summary>Repeats of purchases, as a killed replay that goes on makes them.</summary>
    public int Repeats { get; private set; }

    public IReadOnlyDictionary<string, ShopEvent> ById => _purchases;

    public static async Task<LogPurchases> OfAsync(string dataFolder, CancellationToken cancellationToken)
    {
        await using var storage = EmbeddedStorage.Open(
            new EmbeddedOptions { DataFolder = dataFolder }, TimeProvider.System, NullLoggerFactory.Instance);
        var found = new LogPurchases();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var consuming = storage.EventLog.ConsumeAsync("test-oracle", found, stop.Token);
        await Deadline.Until(() => found._readings.Count == storage.EventLog.PartitionCount, "the oracle owns all partitions");
        await Task.WhenAll(found._readings).Within("the oracle reads the log");
        await stop.CancelAsync();
        await consuming.Within("the oracle's consumption ends");
        return found;
    }

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        _readings.Add(Task.Run(() => ReadAsync(reader, cancellationToken), cancellationToken));
        return Task.CompletedTask;
    }

    public Task RevokedAsync(int partition, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LostAsync(int partition, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ReadAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        for (var next = reader.FirstOffset; next < reader.EndOffset;)
        {
            foreach (var record in await reader.ReadAsync(1000, cancellationToken))
            {
                Assert.True(ShopEventJson.TryRead(record.Value.Span, record.AppendedAtMs, pool: null, out var shopEvent, out var fault), fault?.ToString());
                next = record.Offset + 1;
                lock (_gate)
                {
                    if (shopEvent.Type == EventType.Purchase && !_purchases.TryAdd(shopEvent.EventId, shopEvent))
                    {
                        Repeats++;
                    }
                }
            }
        }
    }
}
