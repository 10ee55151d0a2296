using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>One thing a shopper did. Only documents POST /events: the bytes are read by <see cref="ShopEventJson"/>.</summary>
public sealed record IncomingEvent
{
    public required string EventId { get; init; }

    public required string UserId { get; init; }

    public string? ProductId { get; init; }

    public required EventType EventType { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public string? SessionId { get; init; }

    public string? Query { get; init; }

    public int? Quantity { get; init; }

    public decimal? UnitPrice { get; init; }
}

/// <summary>The batch form of POST /events; a bare list and a single event are taken too.</summary>
public sealed record EventsRequest
{
    /// <summary>1 to 1,000 events.</summary>
    public required IReadOnlyList<IncomingEvent> Events { get; init; }
}

/// <summary>What became of a batch.</summary>
public sealed record EventsResponse
{
    /// <summary>Events that are durable in the log.</summary>
    public required int Accepted { get; init; }

    /// <summary>Events that were refused; empty when all were taken.</summary>
    public required IReadOnlyList<Rejection> Rejected { get; init; }
}
