namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>
/// Self time: a node's total without its children's. A common table expression hangs below the node that declares it, but its time passes
/// inside the CTE Scans that read it: it is taken off them, and not off the declaring node.
/// </summary>
internal static class SelfTimes
{
    private const string CtePrefix = "CTE ";

    public static PlanNode Apply(PlanNode root)
    {
        var ctes = root.Walk()
            .Where(at => IsCte(at.Node))
            .GroupBy(at => at.Node.SubplanName![CtePrefix.Length..], at => at.Node.TotalMs ?? 0)
            .ToDictionary(cte => cte.Key, cte => cte.Sum());
        var scans = root.Walk()
            .Where(at => at.Node.CteName is not null)
            .GroupBy(at => at.Node.CteName!)
            // The scan that took longest is the one that waited for the rows; the others read what was kept.
            .ToDictionary(group => group.Key, group => group.MaxBy(at => at.Node.TotalMs ?? 0).Node);
        return Apply(root, ctes, scans);
    }

    private static PlanNode Apply(PlanNode node, Dictionary<string, double> ctes, Dictionary<string, PlanNode> scans)
    {
        var below = node.Children.Where(child => !IsCte(child)).Sum(child => child.TotalMs ?? 0);
        if (node.CteName is { } cte && ReferenceEquals(scans[cte], node))
        {
            below += ctes.GetValueOrDefault(cte);
        }

        return node with
        {
            // Clocks are read at different moments, and loops are rounded to whole rows: a hair below zero is zero.
            SelfMs = node.TotalMs is { } total ? Math.Max(0, total - below) : null,
            Children = [.. node.Children.Select(child => Apply(child, ctes, scans))],
        };
    }

    private static bool IsCte(PlanNode node) => node.SubplanName?.StartsWith(CtePrefix, StringComparison.Ordinal) == true;
}
