using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>The orders of one day: a function of the column in WHERE, which no index on the column serves, against a range of the column.</summary>
internal static class HeavyQueries
{
    private const string Columns = "SELECT order_id, user_id, status, total, created_at FROM orders";
    private const string Day = "(created_at AT TIME ZONE 'UTC')::date";

    public static async Task<Comparison> RunAsync(LabSession session, CancellationToken cancellationToken)
    {
        var day = (await OrderSpan.ReadAsync(session, cancellationToken)).MiddleDay;
        var byFunction = $"{Columns} WHERE {Day} = {SqlText.Date(day)}";
        var byRange = $"{Columns} WHERE created_at >= {SqlText.Timestamp(day)} AND created_at < {SqlText.Timestamp(day.AddDays(1))}";
        var pair = await session.MeasureAsync(
            ordered: false, cancellationToken, new QueryForm("function on the column", byFunction), new QueryForm("range on the column", byRange));

        // The same text as the slow form, with an index that holds what the function answers.
        var build = await TemporaryObject.BuildAsync(
            session, $"CREATE INDEX lab_orders_day ON orders (({Day}))", "an expression index on the day", cancellationToken);
        var indexed = build.Made
            ? await session.MeasureAsync(ordered: false, cancellationToken, new QueryForm("function on the column, with an index on the expression", byFunction))
            : null;

        var (slow, fast) = (pair.Forms[0], pair.Forms[1]);
        var alternative = indexed is null ? "" : Words.Text($" An index on the expression makes the slow text {Words.Against(indexed.Forms[0], slow)}, at the price of one more index to keep.");
        return new Comparison
        {
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = pair.Identical && (indexed is null || indexed.Digests[0] == pair.Digests[0]),
            Explanation = Words.Text($"The range is {Words.Against(fast, slow)}: the index on created_at leads to the {fast.Rows:N0} rows in {Words.Blocks(fast)}, while the function has to be computed for every order of the table, {Words.Blocks(slow)}.{alternative}"),
            Alternatives = indexed?.Forms ?? [],
            Notes = [build.Note],
        };
    }
}
