using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>From when to when there are orders, and an order in the middle; all UTC.</summary>
internal sealed record OrderSpan(DateTime First, DateTime Last, DateTime Middle)
{
    public DateTime MiddleDay => Middle.Date;

    /// <summary>Reads it by the index on created_at.</summary>
    /// <exception cref="TuningException">There are no orders.</exception>
    public static async Task<OrderSpan> ReadAsync(LabSession session, CancellationToken cancellationToken) =>
        await session.FindAsync(
            """
            WITH span AS (SELECT min(created_at) AS first, max(created_at) AS last FROM orders)
            SELECT first, last, (SELECT min(created_at) FROM orders WHERE created_at >= first + (last - first) / 2)
            FROM span WHERE first IS NOT NULL
            """,
            row => new OrderSpan(row.GetDateTime(0), row.GetDateTime(1), row.GetDateTime(2)),
            cancellationToken)
        ?? throw new TuningException(TuningFault.NotSeeded, "There are no orders to measure on. Run ./reco seed-database.");
}
