using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>One join of three tables with each of PostgreSQL's join methods forced in turn.</summary>
internal static class JoinMethods
{
    private const string Nested = "enable_nestloop = off";
    private const string Hash = "enable_hashjoin = off";
    private const string Merge = "enable_mergejoin = off";

    public static async Task<FormsComparison> RunAsync(LabSession session, CancellationToken cancellationToken)
    {
        var day = (await OrderSpan.ReadAsync(session, cancellationToken)).MiddleDay;
        var sql =
            "SELECT o.order_id, u.name, i.product_id, i.quantity, i.unit_price FROM orders o JOIN users u ON u.user_id = o.user_id "
            + $"JOIN order_items i ON i.order_id = o.order_id WHERE o.created_at >= {SqlText.Timestamp(day)} "
            + $"AND o.created_at < {SqlText.Timestamp(day.AddDays(1))}";
        var measured = await session.MeasureAsync(
            ordered: false,
            cancellationToken,
            new QueryForm("planner's choice", sql),
            new QueryForm("nested loop", sql) { Settings = [Hash, Merge] },
            new QueryForm("hash join", sql) { Settings = [Nested, Merge] },
            new QueryForm("merge join", sql) { Settings = [Nested, Hash] });
        return FormsComparison.Of("join_optimization", measured, best =>
            best.Plan.Summary.Contains("Nested Loop", StringComparison.Ordinal) ? "few rows come from outside, and an index leads each of them to its partners"
            : best.Plan.Summary.Contains("Hash", StringComparison.Ordinal) ? "one side fits in memory as a hash table, and the other is read once"
            : "both sides come in the order of the key") with
        {
            Notes = ["PostgreSQL has no hints: the other methods are switched off with SET LOCAL, for one statement each, which only makes them dear to the planner."],
        };
    }
}
