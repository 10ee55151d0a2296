using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>A sequential and an index scan, for a predicate that keeps few rows and for one that keeps nearly all.</summary>
public sealed record ScanComparison : Comparison
{
    public required string Table { get; init; }

    /// <summary>Most rows that the selective query returns.</summary>
    public required int Limit { get; init; }

    /// <summary>The other predicate, which keeps nearly all rows: here an index does not pay.</summary>
    public required Comparison Unselective { get; init; }
}

internal static class Scans
{
    private static readonly string[] Sequential = ["enable_indexscan = off", "enable_indexonlyscan = off", "enable_bitmapscan = off"];
    private static readonly string[] ByIndex = ["enable_seqscan = off", "enable_bitmapscan = off"];

    /// <summary>An indexed column that is in no order on disk, the primary key, and a column that no such index covers.</summary>
    private static readonly Dictionary<string, Target> Targets = new(StringComparer.Ordinal)
    {
        ["users"] = new("user_id", "user_id", "max(name)"),
        ["products"] = new("category", "product_id", "sum(price)"),
        ["orders"] = new("user_id", "order_id", "sum(total)"),
        ["order_items"] = new("product_id", "order_id, line_no", "sum(quantity)"),
        ["user_events"] = new("user_id", "event_id", "max(event_type)"),
    };

    public static IReadOnlyCollection<string> Tables => Targets.Keys;

    public static async Task<ScanComparison> RunAsync(LabSession session, string table, int limit, CancellationToken cancellationToken)
    {
        var target = Targets[table];
        var values = await ValuesAsync(session, table, target, cancellationToken);
        var few = $"SELECT * FROM {table} WHERE {target.Column} = {SqlText.Literal(values.Few)} ORDER BY {target.Key} LIMIT {limit}";
        var most = $"SELECT count(*), {target.Aggregate} FROM {table} WHERE {target.Column} >= {SqlText.Literal(values.Low)}";
        var selective = await session.MeasureAsync(ordered: true, cancellationToken, Forms(few));
        var unselective = await session.MeasureAsync(ordered: true, cancellationToken, Forms(most));
        var (sequential, index) = (selective.Forms[0], selective.Forms[1]);
        return new ScanComparison
        {
            Table = table,
            Limit = limit,
            Slow = sequential,
            Fast = index,
            Speedup = Words.Ratio(sequential, index),
            Identical = selective.Identical,
            Explanation = Words.Text($"For {target.Column} = {SqlText.Literal(values.Few)}, which keeps {index.Rows:N0} rows, the index is {Words.Against(index, sequential)}: {Words.Blocks(index)} against {Words.Blocks(sequential)}."),
            Unselective = Unselective(unselective, target.Column, values.Low),
            Notes = ["The other ways to scan are switched off with SET LOCAL for each form; an ordinary query is left to the planner, which weighs both."],
        };
    }

    private static Comparison Unselective(AlternatingRuns.Outcome measured, string column, string low)
    {
        var (sequential, index) = (measured.Forms[0], measured.Forms[1]);
        var (slow, fast) = sequential.MedianMs <= index.MedianMs ? (index, sequential) : (sequential, index);
        return new Comparison
        {
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = measured.Identical,
            Explanation = ReferenceEquals(fast, sequential)
                ? Words.Text($"For {column} >= {SqlText.Literal(low)}, which keeps nearly all rows, the index does not pay: the sequential scan is {Words.Against(fast, slow)}, because it reads every block once and in order, {Words.Blocks(sequential)} against {Words.Blocks(index)}.")
                : Words.Text($"For {column} >= {SqlText.Literal(low)}, which keeps nearly all rows, the index still is {Words.Against(fast, slow)}: the table is small, or lies on disk in the order of the index ({Words.Blocks(index)} against {Words.Blocks(sequential)})."),
        };
    }

    private static QueryForm[] Forms(string sql) =>
        [new("sequential scan", sql) { Settings = Sequential }, new("index scan", sql) { Settings = ByIndex }];

    /// <summary>A value from the middle of the column, and one that nearly all are above; from a sample, as a sort of all would take seconds.</summary>
    private static async Task<Values> ValuesAsync(LabSession session, string table, Target target, CancellationToken cancellationToken)
    {
        const int sample = 1_000;
        return await session.FindAsync(
            $"""
            WITH sampled AS (
                SELECT {target.Column} AS value FROM {table}
                WHERE {target.Column} IS NOT NULL AND hashtext({target.Key.Split(',')[0]}::text) % greatest(1, (SELECT count(*) / {sample} FROM {table})::int) = 0)
            SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY value), percentile_disc(0.05) WITHIN GROUP (ORDER BY value)
            FROM sampled HAVING count(*) > 0
            """,
            row => new Values(row.GetString(0), row.GetString(1)),
            cancellationToken)
            ?? throw new TuningException(TuningFault.NotSeeded, $"The table {table} is empty. Run ./reco seed-database, or compare scans of another table.");
    }

    private sealed record Target(string Column, string Key, string Aggregate);

    private sealed record Values(string Few, string Low);
}
