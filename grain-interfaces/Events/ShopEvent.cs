namespace Reco.GrainInterfaces;

/// <summary>One thing a shopper did, as it stands in the event log. Valid by construction of <see cref="ShopEventJson"/>.</summary>
public sealed record ShopEvent
{
    /// <summary>Unique id of the event, at most 128 characters; a second event with this id inside the duplicate window is dropped.</summary>
    public required string EventId { get; init; }

    /// <summary>The shopper, at most 128 characters; the key of the log, so one shopper's events keep their order.</summary>
    public required string UserId { get; init; }

    /// <summary>The product, at most 128 characters; null only for <see cref="EventType.Search"/>.</summary>
    public string? ProductId { get; init; }

    /// <summary>What happened.</summary>
    public required EventType Type { get; init; }

    /// <summary>When it happened: milliseconds since the Unix epoch, UTC.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>The visit it belongs to, at most 128 characters.</summary>
    public string? SessionId { get; init; }

    /// <summary>What was searched for, at most 256 characters; only for <see cref="EventType.Search"/>.</summary>
    public string? Query { get; init; }

    /// <summary>Pieces bought, 1 to 1,000,000; absent counts as 1.</summary>
    public int? Quantity { get; init; }

    /// <summary>Price of one piece, 0 to 1,000,000, in the shop's currency.</summary>
    public decimal? UnitPrice { get; init; }

    /// <summary>Quantity times unit price of a purchase; 0 for everything else.</summary>
    public decimal Revenue => Type == EventType.Purchase ? (Quantity ?? 1) * (UnitPrice ?? 0m) : 0m;
}
