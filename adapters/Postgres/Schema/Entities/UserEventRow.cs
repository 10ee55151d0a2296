namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>user_events</c>, which is partitioned by month of <see cref="OccurredAt"/>.</summary>
public sealed class UserEventRow
{
    public required string EventId { get; set; }

    public DateTimeOffset OccurredAt { get; set; }

    public required string UserId { get; set; }

    /// <summary>Null for a search.</summary>
    public string? ProductId { get; set; }

    public required string EventType { get; set; }

    public string? Query { get; set; }

    public int? Quantity { get; set; }

    public decimal? UnitPrice { get; set; }
}
