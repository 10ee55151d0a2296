using System.Text.Json;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.Bench.Ingest;

/// <summary>The oracle: every record of a log, read with a general JSON parser, counted in two dictionaries.</summary>
internal sealed class PlainFold : IPartitionConsumer
{
    private readonly Dictionary<string, Totals> _users = [];
    private readonly Dictionary<string, Totals> _products = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left;

    public IReadOnlyDictionary<string, Totals> Users => _users;

    public IReadOnlyDictionary<string, Totals> Products => _products;

    public long Events { get; private set; }

    /// <summary>Reads the whole log as it is now.</summary>
    public static async Task<PlainFold> OfAsync(IEventLog log, CancellationToken cancellationToken)
    {
        var fold = new PlainFold { _left = log.PartitionCount };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var consume = log.ConsumeAsync("bench-oracle", fold, stop.Token);
        await await Task.WhenAny(fold._done.Task, consume);
        await stop.CancelAsync();
        try
        {
            await consume;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The way consuming ends.
        }

        return fold;
    }

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        _ = Task.Run(() => ReadAsync(reader, cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    public Task RevokedAsync(int partition, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LostAsync(int partition, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ReadAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        try
        {
            reader.Seek(reader.FirstOffset);
            for (var next = reader.FirstOffset; next < reader.EndOffset;)
            {
                var records = await reader.ReadAsync(10_000, cancellationToken);
                await _gate.WaitAsync(cancellationToken);
                foreach (var record in records)
                {
                    Add(record.Value);
                }

                _gate.Release();
                next = records[^1].Offset + 1;
            }

            if (Interlocked.Decrement(ref _left) == 0)
            {
                _done.TrySetResult();
            }
        }
        catch (Exception failure)
        {
            _done.TrySetException(failure);
        }
    }

    /// <summary>Counts an event that was not read from a log. For one thread.</summary>
    public void Add(ShopEvent shopEvent)
    {
        var revenue = shopEvent is { Type: EventType.Purchase, UnitPrice: { } price } ? price * (shopEvent.Quantity ?? 1) : 0m;
        Count(_users, shopEvent.UserId, shopEvent.Type, revenue);
        if (shopEvent.ProductId is { } product)
        {
            Count(_products, product, shopEvent.Type, revenue);
        }

        Events++;
    }

    private void Add(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var type = root.GetProperty("event_type").GetString()!;
        var revenue = type == "purchase" && root.TryGetProperty("unit_price", out var price)
            ? price.GetDecimal() * (root.TryGetProperty("quantity", out var quantity) ? quantity.GetInt32() : 1)
            : 0m;
        Count(_users, root.GetProperty("user_id").GetString()!, type, revenue);
        if (root.TryGetProperty("product_id", out var product))
        {
            Count(_products, product.GetString()!, type, revenue);
        }

        Events++;
    }

    private static void Count(Dictionary<string, Totals> totals, string key, string type, decimal revenue) =>
        Count(totals, key, Enum.Parse<EventType>(type, ignoreCase: true), revenue);

    private static void Count(Dictionary<string, Totals> totals, string key, EventType type, decimal revenue)
    {
        if (!totals.TryGetValue(key, out var found))
        {
            totals[key] = found = new Totals();
        }

        found.Counts[(int)type]++;
        found.Revenue += revenue;
    }

    public sealed class Totals
    {
        public long[] Counts { get; } = new long[EventTypes.Count];

        public decimal Revenue { get; set; }

        public bool Equal(EventCounts counts, decimal revenue) => EventCounts.From(Counts) == counts && Revenue == revenue;
    }
}
