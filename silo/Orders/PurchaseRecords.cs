using System.Diagnostics.CodeAnalysis;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.Silo.Orders;

/// <summary>Finds the purchases among the records of the log.</summary>
internal static class PurchaseRecords
{
    /// <summary>
    /// Reads a purchase. False: it is something else, or nothing valid; that is for ingest to report, which reads the same log by the same rules.
    /// </summary>
    public static bool TryRead(in LogRecord record, IdPool pool, [NotNullWhen(true)] out ShopEvent? purchase)
    {
        purchase = MayBePurchase(record.Value.Span)
            && ShopEventJson.TryRead(record.Value.Span, record.AppendedAtMs, pool, out var shopEvent, out _)
            && shopEvent.Type == EventType.Purchase
            ? shopEvent
            : null;
        return purchase is not null;
    }

    /// <summary>
    /// Most events are views, and to look for a word among the bytes is much cheaper than to read the event. JSON may write the word with
    /// escapes too, so a record with a backslash is read.
    /// </summary>
    internal static bool MayBePurchase(ReadOnlySpan<byte> json) => json.IndexOf("purchase"u8) >= 0 || json.Contains((byte)'\\');
}
