using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Reco.GrainInterfaces;

namespace Reco.Workload.Purchases.Messages;

/// <summary>The message as JSON, in the plain way; <see cref="Parsing.PurchaseWriter"/> writes the same bytes without objects.</summary>
public static class PurchaseJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The message's value.</summary>
    public static byte[] ToUtf8(Purchase purchase) => JsonSerializer.SerializeToUtf8Bytes(purchase, Options);

    /// <summary>Reads and validates a message's value. Fields that it does not know are ignored, so that a newer producer can add some.</summary>
    /// <param name="utf8">The value; null for a tombstone.</param>
    /// <param name="purchase">The purchase, when it is valid.</param>
    /// <param name="fault">The first rule it breaks, when it is not.</param>
    public static bool TryRead(byte[]? utf8, [NotNullWhen(true)] out Purchase? purchase, [NotNullWhen(false)] out string? fault)
    {
        purchase = null;
        if (utf8 is null or { Length: 0 })
        {
            fault = "the message has no value";
            return false;
        }

        if (utf8.Length > EventRules.EventBytesMax)
        {
            fault = $"a message has at most {EventRules.EventBytesMax} bytes; this one has {utf8.Length}";
            return false;
        }

        try
        {
            purchase = JsonSerializer.Deserialize<Purchase>(utf8, Options);
        }
        catch (JsonException broken)
        {
            fault = $"not a purchase in JSON: {broken.Message}";
            return false;
        }

        fault = purchase is null ? "not a purchase in JSON: null" : BrokenRule(purchase);
        purchase = fault is null ? purchase : null;
        return fault is null;
    }

    private static string? BrokenRule(Purchase purchase) =>
        BadId("event_id", purchase.EventId)
        ?? BadId("invoice_no", purchase.InvoiceNo)
        ?? BadId("stock_code", purchase.StockCode)
        ?? (purchase.CustomerId is null ? null : BadId("customer_id", purchase.CustomerId))
        ?? (purchase.Quantity > EventRules.QuantityMax ? $"quantity: is above {EventRules.QuantityMax}" : null)
        ?? (purchase is { IsReturn: false, Quantity: <= 0 } ? "quantity: must be above 0 unless is_return" : null)
        ?? (purchase.UnitPrice is <= 0 or > EventRules.UnitPriceMax ? $"unit_price: must be above 0 and at most {EventRules.UnitPriceMax}" : null)
        ?? (purchase.InvoiceDate.Kind != DateTimeKind.Utc || purchase.InvoiceDate < DateTime.UnixEpoch
            ? "invoice_date: must be RFC 3339 in UTC, 1970 or later" : null)
        ?? (purchase.LineTotal != purchase.Quantity * purchase.UnitPrice ? "line_total: is not quantity times unit_price" : null);

    private static string? BadId(string field, string value) =>
        value.Length is 0 or > EventRules.IdCharactersMax ? $"{field}: must have 1 to {EventRules.IdCharactersMax} characters"
        : value.Any(char.IsControl) ? $"{field}: contains a control character"
        : null;
}
