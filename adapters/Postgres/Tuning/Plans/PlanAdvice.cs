using System.Globalization;
using System.Text.RegularExpressions;

namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>Sentences about what could be done, each for something that this execution showed.</summary>
public static partial class PlanAdvice
{
    private const double RowsThatMatter = 10_000;
    private const double WastedShare = 0.9;
    private const double SkippedFactor = 100;
    private const double InnerLoopsMany = 10_000;

    public static IReadOnlyList<string> For(PlanNode root)
    {
        var advice = root.Walk().SelectMany(at => OfNode(at.Node)).Concat(Estimates(root)).Distinct().ToList();
        return advice.Count > 0 ? advice : ["Nothing stands out: no scan throws most of its rows away, nothing spilled to disk, and the estimates are near."];
    }

    private static IEnumerable<string> OfNode(PlanNode node)
    {
        if (node.Type == "Seq Scan" && Scanned(node) >= RowsThatMatter && Removed(node) >= WastedShare * Scanned(node))
        {
            yield return node.Filter is { } filter && FunctionOfColumn().IsMatch(filter)
                ? Text($"{node.Label} reads {Scanned(node):N0} rows to keep {Kept(node):N0}, and its filter {filter} computes on a column, which no index on the column can serve: compare the bare column with a range, or index that expression.")
                : Text($"{node.Label} reads {Scanned(node):N0} rows to keep {Kept(node):N0}: an index on the columns of {node.Filter ?? "its filter"} would read only those.");
        }

        if (node.SpilledKilobytes > 0)
        {
            yield return Text($"{node.Label} did not fit in work_mem and wrote {node.SpilledKilobytes:N0} kB to disk: an index in that order saves the sort, or raise work_mem above that for this statement.");
        }

        if (node.HashBatches > 1)
        {
            yield return Text($"{node.Label} did not fit in work_mem and was cut into {node.HashBatches:N0} batches on disk: select fewer columns or rows first, or raise work_mem for this statement.");
        }

        if (node.HeapFetches * node.Loops >= RowsThatMatter)
        {
            yield return Text($"{node.Label} still looked up {node.HeapFetches:N0} rows in the table: VACUUM {node.Relation} marks pages as visible to all, and the lookups go.");
        }

        if (node is { Type: "Limit", ActualRows: { } returned, Children: [{ ActualRows: { } read } child, ..] }
            && child.Type != "Sort" && read >= RowsThatMatter && read >= SkippedFactor * Math.Max(1, returned))
        {
            yield return Text($"{node.Label} returns {returned:N0} rows after {read:N0} were read and skipped: with OFFSET every page costs more than the one before; continue after the last key seen instead (keyset pagination).");
        }

        if (node.Type == "Nested Loop" && node.Children.FirstOrDefault(child => child.Relationship == "Inner") is { } inner
            && inner.Loops >= InnerLoopsMany && inner.TotalMs >= 0.5 * node.TotalMs)
        {
            yield return Text($"{node.Label} ran {inner.Label} {inner.Loops:N0} times: filter the outer side first, or let a hash join read the inner side once.");
        }
    }

    private static IEnumerable<string> Estimates(PlanNode root) =>
        PlanFindings.Misestimates(root).Take(1).Select(worst => Text(
            $"The planner expected {worst.EstimatedRows:N0} rows of {worst.Node} and met {worst.ActualRows:N0}: ANALYZE the table; for columns that depend on each other CREATE STATISTICS."));

    private static double Kept(PlanNode node) => (node.ActualRows ?? 0) * node.Loops;

    private static double Removed(PlanNode node) => node.RowsRemoved * node.Loops;

    private static double Scanned(PlanNode node) => Kept(node) + Removed(node);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>"date_trunc(...", "lower(", "(created_at AT TIME ZONE", "(total * ", on the left of a comparison.</summary>
    [GeneratedRegex(@"^\(+\w+(\(|::\w+\)::| AT TIME ZONE | [-+*/%] )|\(+\(\w+ AT TIME ZONE ")]
    private static partial Regex FunctionOfColumn();
}
