using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Reco.GrainInterfaces;

namespace Reco.Workload.Retail;

/// <summary>Turns the fields of a row into a purchase line, and says whether it counts as a clean purchase.</summary>
internal static class RetailRowParser
{
    private static readonly string[] DateForms =
    [
        "yyyy-MM-dd HH:mm:ss", "M/d/yyyy H:mm", "yyyy-MM-dd HH:mm", "M/d/yyyy H:mm:ss", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ",
    ];

    /// <summary>
    /// The reasons in order of precedence: unreadable, no customer, cancelled, quantity, price. A row with several counts under the
    /// first.
    /// </summary>
    public static RetailSkip Classify(RetailRow row) =>
        row.CustomerId.Length == 0 ? RetailSkip.NoCustomer
        : row.InvoiceNo.StartsWith('C') || row.InvoiceNo.StartsWith('c') ? RetailSkip.Cancelled
        : row.Quantity <= 0 ? RetailSkip.NonPositiveQuantity
        : row.UnitPrice <= 0 ? RetailSkip.NonPositivePrice
        : RetailSkip.None;

    public static bool TryParse(
        Func<int, string> field, RetailColumns columns, [NotNullWhen(true)] out RetailRow? row, [NotNullWhen(false)] out string? fault)
    {
        row = null;
        var quantityText = field(columns.Quantity).Trim();
        var priceText = field(columns.UnitPrice).Trim();
        var dateText = field(columns.InvoiceDate).Trim();
        var customer = WithoutPointZero(field(columns.CustomerId).Trim());
        var product = field(columns.StockCode).Trim();
        var invoice = field(columns.InvoiceNo).Trim();
        fault = null;
        if (!int.TryParse(WithoutPointZero(quantityText), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var quantity))
        {
            fault = $"Quantity '{quantityText}' is not a whole number";
        }
        else if (!decimal.TryParse(
            priceText, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price))
        {
            fault = $"UnitPrice '{priceText}' is not a number";
        }
        else if (!TryParseDate(dateText, out var atMs))
        {
            fault = $"InvoiceDate '{dateText}' is neither yyyy-MM-dd HH:mm:ss nor M/d/yyyy H:mm, or before 1970";
        }
        else
        {
            fault = BadId("InvoiceNo", invoice) ?? BadId("StockCode", product)
                ?? (customer.Length > 0 ? BadId("CustomerID", customer) : null)
                ?? (quantity > EventRules.QuantityMax ? $"Quantity {quantity} is above {EventRules.QuantityMax}" : null)
                ?? (price > EventRules.UnitPriceMax ? $"UnitPrice {price} is above {EventRules.UnitPriceMax}" : null);
            row = fault is not null ? null : new RetailRow(
                invoice, product, field(columns.Description).Trim(), quantity, atMs, price, customer, field(columns.Country).Trim());
        }

        return row is not null;
    }

    private static string? BadId(string column, string value) =>
        value.Length is 0 or > EventRules.IdCharactersMax
            ? $"{column} must have 1 to {EventRules.IdCharactersMax} characters; it has {value.Length}"
        : value.Any(char.IsControl) ? $"{column} contains a control character"
        : null;

    /// <summary>Spreadsheets and data frames write whole numbers of a column with gaps as 17850.0.</summary>
    private static string WithoutPointZero(string text) => text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;

    /// <summary>Any of the date forms, taken as UTC.</summary>
    public static bool TryParseDate(string text, out long atMs)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, DateForms[0], CultureInfo.InvariantCulture, Utc, out var at)
            || DateTimeOffset.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, Utc, out at))
        {
            atMs = at.ToUnixTimeMilliseconds();
            return atMs >= 0;
        }

        atMs = 0;
        return false;
    }
}
