using System.Text.Json.Serialization;

namespace Reco.Workload.Purchases.Messages;

/// <summary>A line of an invoice as it stands on the topic, one JSON object a message. The key is the customer, or the invoice without one.</summary>
/// <param name="EventId">Fixed by the file's content and the row's place in it; the id that <c>reco replay</c> gives the same row.</param>
/// <param name="InvoiceNo">The order; begins with C when it is cancelled.</param>
/// <param name="StockCode">The product.</param>
/// <param name="Description">Its name; empty when the file never says it.</param>
/// <param name="Quantity">Pieces; negative when they come back.</param>
/// <param name="UnitPrice">Price of a piece, above 0, exactly as written.</param>
/// <param name="InvoiceDate">When, UTC.</param>
/// <param name="CustomerId">The customer; null when unknown.</param>
/// <param name="Country">Where the customer lives.</param>
/// <param name="IsReturn">Whether the invoice is cancelled.</param>
/// <param name="LineTotal">Quantity times unit price; negative for returns.</param>
public sealed record Purchase(
    string EventId,
    string InvoiceNo,
    string StockCode,
    string Description,
    int Quantity,
    decimal UnitPrice,
    DateTime InvoiceDate,
    string? CustomerId,
    string Country,
    bool IsReturn,
    decimal LineTotal)
{
    /// <summary>What the topic is partitioned by: a customer's lines keep their order.</summary>
    [JsonIgnore]
    public string Key => CustomerId ?? InvoiceNo;
}
