using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>What was sent back in a quarter, by day: added up from the orders, from a covering index, and read from a materialised view.</summary>
internal static class Aggregation
{
    private const string Day = "(created_at AT TIME ZONE 'UTC')::date";
    private const int DaysEachSide = 45;

    private const string View = $"""
        CREATE SCHEMA IF NOT EXISTS lab;
        CREATE MATERIALIZED VIEW lab.orders_by_day AS
            SELECT status, {Day} AS day, count(*) AS orders, sum(total) AS revenue FROM orders GROUP BY status, {Day};
        CREATE UNIQUE INDEX ON lab.orders_by_day (status, day);
        ANALYZE lab.orders_by_day
        """;

    public static async Task<Comparison> RunAsync(LabSession session, CancellationToken cancellationToken)
    {
        var middle = (await OrderSpan.ReadAsync(session, cancellationToken)).MiddleDay;
        var (from, to) = (middle.AddDays(-DaysEachSide), middle.AddDays(DaysEachSide));
        var fromOrders =
            $"SELECT {Day} AS day, count(*) AS orders, sum(total) AS revenue FROM orders WHERE status = 'returned' "
            + $"AND created_at >= {SqlText.Timestamp(from)} AND created_at < {SqlText.Timestamp(to)} GROUP BY {Day} ORDER BY day";
        var fromView =
            "SELECT day, orders, revenue FROM lab.orders_by_day WHERE status = 'returned' "
            + $"AND day >= {SqlText.Date(from)} AND day < {SqlText.Date(to)} ORDER BY day";

        var viewTook = await session.TimedAsync(View, cancellationToken);
        var pair = await session.MeasureAsync(
            ordered: true,
            cancellationToken,
            new QueryForm("added up from the orders, with the shop's own indexes", fromOrders),
            new QueryForm("read from a materialised view", fromView));

        var build = await TemporaryObject.BuildAsync(
            session,
            "CREATE INDEX lab_orders_status_created_at ON orders (status, created_at) INCLUDE (total)",
            "a covering index (status, created_at) INCLUDE (total)",
            cancellationToken);
        var covered = build.Made
            ? await session.MeasureAsync(ordered: true, cancellationToken, new QueryForm("added up from a covering index", fromOrders))
            : null;
        var (slow, fast) = (pair.Forms[0], pair.Forms[1]);
        var alternative = covered is null ? "" : $" A covering index makes the unchanged text {Words.Against(covered.Forms[0], slow)}, and is never stale.";
        return new Comparison
        {
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = pair.Identical && (covered is null || covered.Digests[0] == pair.Digests[0]),
            Explanation = Words.Text($"The materialised view is {Words.Against(fast, slow)}: it holds the {fast.Rows:N0} sums ready in {Words.Blocks(fast)}, while the orders have to be read and added up, {Words.Blocks(slow)}.{alternative}"),
            Alternatives = covered?.Forms ?? [],
            Notes =
            [
                Words.Text($"The view was made, and so refreshed, in {viewTook.TotalMilliseconds:0} ms in the same snapshot that the orders were read in; a view that is kept is as stale as its last REFRESH MATERIALIZED VIEW, and orders that arrive later are not in it."),
                build.Note,
            ],
        };
    }
}
