using System.Globalization;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.Bench.Orders;

/// <summary>Purchases of a shop in which a few products sell most, with ids that no other run has.</summary>
internal sealed class PurchaseMaker
{
    private const int Users = 20_000;
    private const int BatchEvents = 5000;
    private readonly IReadOnlyList<Product> _products = SeededCatalogue.Generate();
    private readonly Random _random = new(1);
    private readonly string _run = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Everything made, by event id: what the orders must be.</summary>
    public Dictionary<string, ShopEvent> Made { get; } = [];

    /// <summary>What the ids of this run begin with.</summary>
    public string IdPrefix => $"bench-{_run}-";

    /// <summary>Makes so many purchases and appends them; they are durable in the log when it completes.</summary>
    public async Task AppendAsync(IEventLog log, int purchases, CancellationToken cancellationToken)
    {
        for (var left = purchases; left > 0; left -= BatchEvents)
        {
            var batch = new LogAppend[Math.Min(BatchEvents, left)];
            for (var i = 0; i < batch.Length; i++)
            {
                var purchase = Next();
                batch[i] = new LogAppend(purchase.UserId, ShopEventJson.ToUtf8(purchase));
            }

            await log.AppendAsync(batch, cancellationToken);
        }
    }

    private ShopEvent Next()
    {
        // The product of two uniform draws: the first tenth of the products gets a third of the sales.
        var skewed = _random.NextDouble() * _random.NextDouble();
        var product = _products[(int)(skewed * _products.Count)];
        var made = new ShopEvent
        {
            EventId = string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{Made.Count}"),
            UserId = string.Create(CultureInfo.InvariantCulture, $"user-{_random.Next(Users)}"),
            ProductId = product.Id,
            Type = EventType.Purchase,
            Quantity = 1 + _random.Next(4),
            UnitPrice = product.Price,
            TimestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        Made.Add(made.EventId, made);
        return made;
    }
}
