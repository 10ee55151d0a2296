namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>dead_letters</c>: a record that a reader of the event log could not process.</summary>
public sealed class DeadLetterRow
{
    /// <summary>Who could not, such as "orders".</summary>
    public required string Source { get; set; }

    public int Partition { get; set; }

    public long Offset { get; set; }

    public required string Reason { get; set; }

    /// <summary>The record as it was.</summary>
    public required byte[] Payload { get; set; }

    public DateTimeOffset RecordedAt { get; set; }
}
