using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>The orders of one day from one country: joined whole and filtered afterwards, against filtered before the join.</summary>
internal static class Joins
{
    private const string Joined =
        "SELECT o.order_id, o.total, o.created_at, u.name, u.country FROM orders o JOIN users u ON u.user_id = o.user_id";

    public static async Task<Comparison> RunAsync(LabSession session, CancellationToken cancellationToken)
    {
        var span = await OrderSpan.ReadAsync(session, cancellationToken);
        var country = await CountryAsync(session, span.MiddleDay, cancellationToken);
        var ofDay = $"created_at >= {SqlText.Timestamp(span.MiddleDay)} AND created_at < {SqlText.Timestamp(span.MiddleDay.AddDays(1))}";
        var ofCountry = country is null ? "country IS NULL" : $"country = {SqlText.Literal(country)}";
        var measured = await session.MeasureAsync(
            ordered: false,
            cancellationToken,
            new QueryForm("join, then filter", $"WITH joined AS MATERIALIZED ({Joined}) SELECT order_id, name, total FROM joined WHERE {ofDay} AND {ofCountry}"),
            new QueryForm(
                "filter, then join",
                $"WITH recent AS MATERIALIZED (SELECT order_id, user_id, total FROM orders WHERE {ofDay}) "
                + $"SELECT r.order_id, u.name, r.total FROM recent r JOIN users u ON u.user_id = r.user_id WHERE u.{ofCountry}"),
            new QueryForm("one query, left to the planner", $"SELECT order_id, name, total FROM ({Joined}) AS joined WHERE {ofDay} AND {ofCountry}"));
        var (slow, fast, planner) = (measured.Forms[0], measured.Forms[1], measured.Forms[2]);
        return new Comparison
        {
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = measured.Identical,
            Explanation = Words.Text($"Filtering first is {Words.Against(fast, slow)}: {slow.Plan.Nodes.Max(node => node.Rows * node.Loops):N0} rows went through the join before {slow.Rows:N0} of them were kept, {Words.Blocks(slow)} against {Words.Blocks(fast)}."),
            Alternatives = [planner],
            Notes = [Words.Text($"AS MATERIALIZED keeps PostgreSQL from moving the filter (as OFFSET 0, a volatile function or a window function would). Without it the planner filters first by itself: {planner.MedianMs:0.###} ms.")],
        };
    }

    /// <summary>The country with most orders of that day.</summary>
    private static async Task<string?> CountryAsync(LabSession session, DateTime day, CancellationToken cancellationToken) =>
        (await session.QueryAsync(
            $"SELECT u.country FROM orders o JOIN users u ON u.user_id = o.user_id WHERE o.created_at >= {SqlText.Timestamp(day)} "
            + $"AND o.created_at < {SqlText.Timestamp(day.AddDays(1))} GROUP BY u.country ORDER BY count(*) DESC, u.country LIMIT 1",
            row => row.IsDBNull(0) ? null : row.GetString(0),
            cancellationToken)).FirstOrDefault();
}
