namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>orders</c>.</summary>
public sealed class OrderRow
{
    public long OrderId { get; set; }

    /// <summary>The purchase event that made it; what makes a replay harmless.</summary>
    public required string EventId { get; set; }

    public required string UserId { get; set; }

    /// <summary>One of <see cref="OrderStatuses.All"/>.</summary>
    public required string Status { get; set; }

    public decimal Total { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
