using Reco.Workload.Retail;

namespace Reco.Workload.Purchases.Messages;

/// <summary>Why a row of the file is not sent.</summary>
public enum PurchaseRefusal
{
    /// <summary>It is sent.</summary>
    None = 0,

    /// <summary>It cannot be read, or breaks a limit of the system.</summary>
    BadRow = 1,

    /// <summary>Quantity is 0 or less and the invoice is not cancelled: a stock correction ("damaged", "lost").</summary>
    NonPositiveQuantity = 2,

    /// <summary>UnitPrice is 0 or less: a gift, a correction or bad debt, and worth nothing as a purchase.</summary>
    NonPositivePrice = 3,
}

/// <summary>
/// Which rows become messages. In order: unreadable rows are refused; then quantity; then price. A row without a customer is kept, with
/// customer_id null and the invoice as key. A missing description is filled from the last kept row of the stock code that has one (the
/// words on refused rows are notes such as "damaged"), else stays empty. Cancelled invoices are kept as returns, whatever their quantity.
/// </summary>
public static class PurchaseRules
{
    /// <summary>How many values <see cref="PurchaseRefusal"/> has.</summary>
    public const int Refusals = 4;

    /// <summary>Names of the reasons, as reported.</summary>
    public static string Name(PurchaseRefusal refusal) => refusal switch
    {
        PurchaseRefusal.None => "none",
        PurchaseRefusal.BadRow => "bad_row",
        PurchaseRefusal.NonPositiveQuantity => "non_positive_quantity",
        PurchaseRefusal.NonPositivePrice => "non_positive_price",
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "not a reason"),
    };

    /// <summary>Whether a row that could be read is sent.</summary>
    public static PurchaseRefusal Judge(bool isReturn, int quantity, bool hasPositivePrice) =>
        quantity <= 0 && !isReturn ? PurchaseRefusal.NonPositiveQuantity
        : !hasPositivePrice ? PurchaseRefusal.NonPositivePrice
        : PurchaseRefusal.None;

    /// <summary>Whether the invoice is cancelled.</summary>
    public static bool IsReturn(ReadOnlySpan<char> invoiceNo) => invoiceNo is ['C' or 'c', ..];

    /// <summary>Whether a row that could be read is sent.</summary>
    public static PurchaseRefusal Judge(RetailRow row) => Judge(IsReturn(row.InvoiceNo), row.Quantity, row.UnitPrice > 0);

    /// <summary>The message of a row that is sent.</summary>
    public static Purchase ToPurchase(RetailFile file, long row, RetailRow value, string description) => new(
        RetailEvents.IdOf(file, row),
        value.InvoiceNo,
        value.StockCode,
        description,
        value.Quantity,
        value.UnitPrice,
        DateTimeOffset.FromUnixTimeMilliseconds(value.InvoiceDateMs).UtcDateTime,
        value.CustomerId.Length == 0 ? null : value.CustomerId,
        value.Country,
        IsReturn(value.InvoiceNo),
        value.Quantity * value.UnitPrice);
}
