using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka;
using Reco.GrainInterfaces;
using Reco.Workload.Purchases.Messages;
using Reco.Workload.Purchases.Producing;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>
/// Passes purchases on to the recommender: sales of known customers, as events with the id of the purchase, so that one passed on twice
/// after a crash is dropped there as a duplicate.
/// </summary>
public sealed class PurchaseForwarder : IDisposable
{
    private readonly PipelinedSender _sender;
    private readonly PurchaseBatch _batch = new() { Messages = new BatchMessage[1], Count = 1 };

    public PurchaseForwarder(PurchaseConsumerOptions options, ILogger logger) => _sender = new PipelinedSender(
        PurchaseProfiles.Optimized with { BootstrapServers = options.BootstrapServers, Topic = options.ForwardTopic! }, logger);

    /// <summary>The event of a purchase; no for returns and unknown customers, which the recommender has no use for.</summary>
    public static bool TryConvert(Purchase purchase, [NotNullWhen(true)] out ShopEvent? shopEvent)
    {
        shopEvent = purchase is { IsReturn: false, CustomerId: not null }
            ? new ShopEvent
            {
                EventId = purchase.EventId,
                UserId = purchase.CustomerId,
                ProductId = purchase.StockCode,
                Type = EventType.Purchase,
                TimestampMs = new DateTimeOffset(purchase.InvoiceDate).ToUnixTimeMilliseconds(),
                SessionId = purchase.InvoiceNo,
                Quantity = purchase.Quantity,
                UnitPrice = purchase.UnitPrice,
            }
            : null;
        return shopEvent is not null;
    }

    /// <summary>Hands an event over; waits while too many are on their way.</summary>
    public void Send(ShopEvent shopEvent)
    {
        byte[] key = Encoding.UTF8.GetBytes(shopEvent.UserId), value = ShopEventJson.ToUtf8(shopEvent);
        _batch.Bytes = [.. key, .. value];
        _batch.Messages[0] = new BatchMessage(0, key.Length, key.Length, value.Length, 0);
        _sender.Send(_batch, CancellationToken.None);
    }

    /// <summary>Waits until every event is acknowledged.</summary>
    /// <exception cref="PurchaseDeliveryException">One failed for good.</exception>
    public void Flush() => _sender.Complete(CancellationToken.None);

    public void Dispose() => _sender.Dispose();
}
