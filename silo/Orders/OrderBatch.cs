using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.Silo.Orders;

/// <summary>The purchases among the records read so far, with what a dead letter would need. Reused from batch to batch; for one thread.</summary>
internal sealed class OrderBatch(long maxEventTimeMs)
{
    private readonly List<Purchase> _purchases = [];
    private readonly List<(long Offset, byte[] Value)> _records = [];
    private readonly IdPool _pool = new();

    public IReadOnlyList<Purchase> Purchases => _purchases;

    /// <summary>Greatest time of a purchase up to here; <see cref="long.MinValue"/> before the first.</summary>
    public long MaxEventTimeMs { get; private set; } = maxEventTimeMs;

    /// <summary>Begins anew after a position with this greatest time.</summary>
    public void Clear(long maxEventTimeMs)
    {
        _purchases.Clear();
        _records.Clear();
        MaxEventTimeMs = maxEventTimeMs;
    }

    public void Add(in LogRecord record)
    {
        if (!PurchaseRecords.TryRead(record, _pool, out var purchase))
        {
            return;
        }

        // A purchase names a product, says ShopEvent; its value is overwritten by the next read.
        _purchases.Add(new Purchase(
            purchase.EventId, purchase.UserId, purchase.ProductId!, purchase.Quantity ?? 1, purchase.UnitPrice, purchase.TimestampMs));
        _records.Add((record.Offset, record.Value.ToArray()));
        MaxEventTimeMs = Math.Max(MaxEventTimeMs, purchase.TimestampMs);
    }

    public DeadLetter LetterOf(int partition, RefusedPurchase refused) => new(
        partition, _records[refused.Index].Offset, refused.Reason, _records[refused.Index].Value);
}
