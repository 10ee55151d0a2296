using Reco.Adapters.Postgres.Tuning.Plans;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>
/// Measures several forms of a query against each other: their rows first, which also warms the caches, then each plan, then timed runs
/// of all forms in turn, so that what else the machine does falls on all of them.
/// </summary>
internal sealed class AlternatingRuns(FormRunner runner, TuningOptions options, TimeProvider time)
{
    /// <param name="forms">The forms.</param>
    /// <param name="ordered">Whether the query says in which order its rows come.</param>
    /// <param name="rowsMax">More rows than this are not digested.</param>
    /// <param name="cancellationToken">Stops the running statement.</param>
    /// <param name="runsMin">Instead of <see cref="TuningOptions.RunsMin"/>.</param>
    public async Task<Outcome> RunAsync(
        IReadOnlyList<QueryForm> forms, bool ordered, long? rowsMax, CancellationToken cancellationToken, int? runsMin = null)
    {
        var digests = new List<RowsDigest>();
        var plans = new List<QueryPlan>();
        foreach (var form in forms)
        {
            digests.Add(await runner.DigestAsync(form, ordered, rowsMax, cancellationToken));
            plans.Add(await runner.PlanAsync(form, cancellationToken));
        }

        var runs = forms.Select(_ => new List<QueryPlan>()).ToArray();
        var started = time.GetTimestamp();
        for (var round = 0; round < options.Runs && Goes(round, started, runsMin ?? options.RunsMin); round++)
        {
            for (var index = 0; index < forms.Count; index++)
            {
                runs[index].Add(await runner.TimeAsync(forms[index], cancellationToken));
            }
        }

        return new Outcome(
            [.. forms.Select((form, index) => Measured(form, digests[index], plans[index], runs[index]))], digests.Distinct().Count() == 1, digests);
    }

    private bool Goes(int round, long started, int runsMin) =>
        round < runsMin || time.GetElapsedTime(started).TotalSeconds < options.MeasureSeconds;

    private static MeasuredForm Measured(QueryForm form, RowsDigest digest, QueryPlan plan, List<QueryPlan> runs) => new()
    {
        Name = form.Name,
        Sql = form.Sql,
        Settings = form.Settings,
        MedianMs = Median([.. runs.Select(run => run.ExecutionMs ?? 0)]),
        RunsMs = [.. runs.Select(run => run.ExecutionMs ?? 0)],
        PlanningMs = Median([.. runs.Select(run => run.PlanningMs ?? 0)]),
        Rows = digest.Rows,
        Buffers = new BlockCounts(runs[^1].Root.BlocksHit, runs[^1].Root.BlocksRead),
        Plan = new PlanSummary(
            PlanText.Summary(plan.Root),
            [.. plan.Root.Walk().Select(at => new PlanLine(
                at.Depth,
                at.Node.Label,
                at.Node.EstimatedRows,
                at.Node.ActualRows,
                at.Node.Loops,
                at.Node.SelfMs is { } self ? Math.Round(self, 3) : null))]),
    };

    internal static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : Math.Round((values[middle - 1] + values[middle]) / 2, 4);
    }

    /// <param name="Forms">In the order given.</param>
    /// <param name="Identical">Whether all returned the same rows.</param>
    /// <param name="Digests">Of the forms' rows.</param>
    internal sealed record Outcome(IReadOnlyList<MeasuredForm> Forms, bool Identical, IReadOnlyList<RowsDigest> Digests);
}
