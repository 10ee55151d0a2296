using System.Globalization;
using Reco.GrainInterfaces;

namespace Reco.Workload.Retail;

/// <summary>One clean row is one purchase event.</summary>
public static class RetailEvents
{
    /// <summary>
    /// The event of a row. Its id is fixed by the content of the file and the row's place in it: reading the file again makes the
    /// same ids, and two equal rows are two events.
    /// </summary>
    public static ShopEvent Of(RetailFile file, long row, RetailRow value) => new()
    {
        EventId = IdOf(file, row),
        UserId = value.CustomerId,
        ProductId = value.StockCode,
        Type = EventType.Purchase,
        TimestampMs = value.InvoiceDateMs,
        SessionId = value.InvoiceNo,
        Quantity = value.Quantity,
        UnitPrice = value.UnitPrice,
    };

    /// <summary>The id of a row's event.</summary>
    public static string IdOf(RetailFile file, long row) => string.Create(CultureInfo.InvariantCulture, $"{IdPrefix(file)}{row}");

    /// <summary>What comes before the row's number.</summary>
    public static string IdPrefix(RetailFile file) => $"retail-{file.Identity}-";
}
