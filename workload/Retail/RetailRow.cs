namespace Reco.Workload.Retail;

/// <summary>Why a row is no event.</summary>
public enum RetailSkip
{
    /// <summary>It is one: a clean purchase.</summary>
    None = 0,

    /// <summary>It cannot be read, or breaks a limit of the system; the detail says how.</summary>
    BadRow = 1,

    /// <summary>CustomerID is empty.</summary>
    NoCustomer = 2,

    /// <summary>InvoiceNo begins with C.</summary>
    Cancelled = 3,

    /// <summary>Quantity is 0 or less.</summary>
    NonPositiveQuantity = 4,

    /// <summary>UnitPrice is 0 or less.</summary>
    NonPositivePrice = 5,
}

/// <summary>Names of the reasons, as reported.</summary>
public static class RetailSkips
{
    /// <summary>How many values <see cref="RetailSkip"/> has.</summary>
    public const int Count = 6;

    public static string Name(RetailSkip skip) => skip switch
    {
        RetailSkip.None => "none",
        RetailSkip.BadRow => "bad_row",
        RetailSkip.NoCustomer => "no_customer",
        RetailSkip.Cancelled => "cancelled",
        RetailSkip.NonPositiveQuantity => "non_positive_quantity",
        RetailSkip.NonPositivePrice => "non_positive_price",
        _ => throw new ArgumentOutOfRangeException(nameof(skip), skip, "not a reason"),
    };
}

/// <summary>A purchase line.</summary>
/// <param name="InvoiceNo">The order.</param>
/// <param name="StockCode">The product, as in the file.</param>
/// <param name="Description">Its name; may be empty.</param>
/// <param name="Quantity">Pieces.</param>
/// <param name="InvoiceDateMs">When, milliseconds since the Unix epoch; the file's times are taken as UTC.</param>
/// <param name="UnitPrice">Price of a piece, exactly as written.</param>
/// <param name="CustomerId">The customer, without ".0"; empty when unknown.</param>
/// <param name="Country">Where the customer lives.</param>
public sealed record RetailRow(
    string InvoiceNo,
    string StockCode,
    string Description,
    int Quantity,
    long InvoiceDateMs,
    decimal UnitPrice,
    string CustomerId,
    string Country);

/// <summary>A row of the file, read.</summary>
/// <param name="Row">Its place among the data rows, from 1; event ids carry it.</param>
/// <param name="Line">The line of the file it begins on, from 1, for messages.</param>
/// <param name="Skip">Why it is no event; <see cref="RetailSkip.None"/> when it is one.</param>
/// <param name="Value">Its fields; null for <see cref="RetailSkip.BadRow"/>.</param>
/// <param name="Detail">What is wrong with a bad row.</param>
public readonly record struct RetailRecord(long Row, long Line, RetailSkip Skip, RetailRow? Value, string? Detail);
