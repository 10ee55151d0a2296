using System.Data;
using System.Globalization;
using Npgsql;
using Reco.Adapters.Postgres.Tuning.Measuring;
using Reco.Adapters.Postgres.Tuning.Plans;

namespace Reco.Adapters.Postgres.Tuning.UserSql;

/// <summary>The plan of a user's statement, and what stands out in it.</summary>
public sealed record PlanReport
{
    /// <summary>The statement that ran.</summary>
    public required string Query { get; init; }

    public required long Rows { get; init; }

    public required double PlanningMs { get; init; }

    public required double ExecutionMs { get; init; }

    public required BlockCounts Buffers { get; init; }

    /// <summary>EXPLAIN's own JSON.</summary>
    public required string PlanJson { get; init; }

    /// <summary>The plan as an indented tree.</summary>
    public required string PlanText { get; init; }

    /// <summary>The node with the longest self time.</summary>
    public required PlanLine? SlowestNode { get; init; }

    public required IReadOnlyList<Misestimate> Misestimates { get; init; }

    public required IReadOnlyList<string> Advice { get; init; }
}

/// <summary>Runs users' statements: as the reader, read-only, in a transaction that is always rolled back, within the caps.</summary>
internal sealed class UserQueries(ReaderPool pool, TuningOptions options, TimeProvider time)
{
    /// <summary>A statement is run several times, each within its own limit; below the 35 s after which the gateway gives up.</summary>
    private const double TotalSeconds = 30;

    private const string NoHints =
        "PostgreSQL has no hints. What comes nearest is switching off the other ways with SET LOCAL for one statement, which makes them dear to the planner, not impossible; in production keep the statistics fresh and the indexes right instead.";

    public Task<PlanReport> PlanAsync(string sql, CancellationToken cancellationToken) => InTransactionAsync(
        sql,
        async (runner, statement, token) =>
        {
            var form = new QueryForm("query", statement);
            var digest = await CappedAsync(runner, form, token);
            var plan = await runner.PlanAsync(form, token);
            var slowest = PlanFindings.Slowest(plan.Root);
            return new PlanReport
            {
                Query = statement,
                Rows = digest.Rows,
                PlanningMs = plan.PlanningMs ?? 0,
                ExecutionMs = plan.ExecutionMs ?? 0,
                Buffers = new BlockCounts(plan.Root.BlocksHit, plan.Root.BlocksRead),
                PlanJson = plan.Json,
                PlanText = PlanText.Render(plan.Root),
                SlowestNode = slowest is null ? null : Line(plan.Root, slowest),
                Misestimates = PlanFindings.Misestimates(plan.Root),
                Advice = PlanAdvice.For(plan.Root),
            };
        },
        cancellationToken);

    public Task<Comparison> HintsAsync(string sql, CancellationToken cancellationToken) => InTransactionAsync(
        sql,
        async (runner, statement, token) =>
        {
            QueryForm[] forms =
            [
                new("planner's choice", statement),
                new("index scan forced", statement) { Settings = ["enable_seqscan = off", "enable_bitmapscan = off"] },
                new("sequential scan forced", statement)
                {
                    Settings = ["enable_indexscan = off", "enable_indexonlyscan = off", "enable_bitmapscan = off"],
                },
            ];
            await CappedAsync(runner, forms[0], token);
            var measured = await new AlternatingRuns(runner, options, time)
                .RunAsync(forms, ordered: false, options.ResultRowsMax, token, runsMin: 1);
            return Hints(measured);
        },
        cancellationToken);

    private static Comparison Hints(AlternatingRuns.Outcome measured)
    {
        var (planner, index, sequential) = (measured.Forms[0], measured.Forms[1], measured.Forms[2]);
        var (slow, fast) = planner.MedianMs <= index.MedianMs ? (index, planner) : (planner, index);
        var same = planner.Plan.Summary == index.Plan.Summary;
        return new Comparison
        {
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = measured.Identical,
            Explanation = same
                ? Words.Text($"Forcing an index scan changes nothing: the planner takes {planner.Plan.Summary} either way ({planner.MedianMs:0.###} ms).")
                : Words.Text($"Forced to use indexes, {index.Plan.Summary} is {Words.Against(index, planner)} than the planner's own {planner.Plan.Summary}; {Words.Blocks(index)} against {Words.Blocks(planner)}."),
            Alternatives = [sequential],
            Notes = measured.Identical
                ? [NoHints]
                : [NoHints, "The forms returned different rows: the statement leaves open which rows it wants (LIMIT without a complete ORDER BY, or a function such as random), and each plan is free to choose."],
        };
    }

    /// <summary>Runs it once, stops it beyond the cap of rows, and warms the caches doing so.</summary>
    private async Task<RowsDigest> CappedAsync(FormRunner runner, QueryForm form, CancellationToken cancellationToken)
    {
        var digest = await runner.DigestAsync(form, ordered: false, options.ResultRowsMax, cancellationToken);
        return digest.Rows > options.ResultRowsMax
            ? throw TooMuch($"The statement returns more than {options.ResultRowsMax:N0} rows (Tuning:ResultRowsMax). Add a LIMIT, or filter more.")
            : digest.Bytes > options.ResultBytesMax
            ? throw TooMuch($"The rows have {digest.Bytes:N0} bytes of text, more than {options.ResultBytesMax:N0} (Tuning:ResultBytesMax). Select fewer columns or rows.")
            : digest;
    }

    private async Task<T> InTransactionAsync<T>(
        string sql, Func<FormRunner, string, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(TotalSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await using var connection = await pool.OpenAsync(either.Token);
            // Disposed without a commit: rolled back.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, either.Token);
            var statement = await StatementJudge.JudgeAsync(connection, sql, either.Token);
            await using (var settings = new NpgsqlCommand("SET LOCAL synchronize_seqscans = off", connection))
            {
                await settings.ExecuteNonQueryAsync(either.Token);
            }

            return await run(new FormRunner(connection), statement, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooMuch($"All runs of the statement together take more than {TotalSeconds:0} s. Filter more, or add a LIMIT.");
        }
        catch (NpgsqlException exception)
        {
            throw PostgresFaults.OfUserSql(exception, options);
        }
    }

    private static PlanLine Line(PlanNode root, PlanNode node)
    {
        var depth = root.Walk().First(at => ReferenceEquals(at.Node, node)).Depth;
        return new PlanLine(depth, node.Label, node.EstimatedRows, node.ActualRows, node.Loops, node.SelfMs is { } self ? Math.Round(self, 3) : null);
    }

    private static TuningException TooMuch(FormattableString sentence) =>
        new(TuningFault.TooMuch, sentence.ToString(CultureInfo.InvariantCulture)) { Field = "query" };
}
