namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>A node whose rows the planner misjudged by more than <see cref="PlanFindings.MisestimateFactor"/>.</summary>
public sealed record Misestimate(string Node, double EstimatedRows, double ActualRows, double Factor);

/// <summary>What stands out in an executed plan.</summary>
public static class PlanFindings
{
    /// <summary>Estimates within this factor rarely change the choice of a plan.</summary>
    public const double MisestimateFactor = 10;

    /// <summary>The node with the longest self time; null when the plan was not timed.</summary>
    public static PlanNode? Slowest(PlanNode root) =>
        root.Walk().Select(at => at.Node).Where(node => node.SelfMs is not null).MaxBy(node => node.SelfMs);

    /// <summary>
    /// The worst first. A node that a Limit stopped early has fewer rows than expected without anybody's fault, so it is left out then.
    /// </summary>
    public static IReadOnlyList<Misestimate> Misestimates(PlanNode root) =>
        [.. Collect(root, stoppable: false).OrderByDescending(found => found.Factor)];

    private static IEnumerable<Misestimate> Collect(PlanNode node, bool stoppable)
    {
        if (node.ActualRows is { } actual && node.Loops > 0)
        {
            // PostgreSQL's estimates are never below one row.
            var (estimated, counted) = (Math.Max(1, node.EstimatedRows), Math.Max(1, actual));
            var factor = Math.Max(estimated / counted, counted / estimated);
            if (factor > MisestimateFactor && !(stoppable && counted < estimated))
            {
                yield return new Misestimate(node.Label, node.EstimatedRows, actual, Math.Round(factor, 1));
            }
        }

        foreach (var found in node.Children.SelectMany(child => Collect(child, MayStopEarly(node, child, stoppable))))
        {
            yield return found;
        }
    }

    private static bool MayStopEarly(PlanNode parent, PlanNode child, bool stoppable) => parent.Type switch
    {
        "Limit" => true,
        // They read all of their input before they give the first row.
        "Sort" or "Hash" or "Bitmap Heap Scan" => false,
        "Aggregate" => stoppable && parent.Label.Contains("GroupAggregate", StringComparison.Ordinal),
        // Semi and anti joins stop at the first match; a merge join at the end of the shorter side.
        "Merge Join" => true,
        "Nested Loop" when child.Relationship == "Inner" => stoppable || parent.Label.Contains("Semi", StringComparison.Ordinal)
            || parent.Label.Contains("Anti", StringComparison.Ordinal),
        _ => stoppable,
    };
}
