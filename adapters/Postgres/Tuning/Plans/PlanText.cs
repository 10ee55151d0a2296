using System.Globalization;
using System.Text;

namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>The plan as an indented tree, two lines or more a node.</summary>
public static class PlanText
{
    public static string Render(PlanNode root)
    {
        var text = new StringBuilder();
        foreach (var (node, depth) in root.Walk())
        {
            var indent = new string(' ', depth * 4);
            text.Append(indent).Append(depth == 0 ? "" : "-> ");
            if (node.SubplanName is { } name)
            {
                text.Append('[').Append(name).Append("] ");
            }

            text.Append(Line(node)).Append('\n');
            foreach (var detail in node.Details)
            {
                text.Append(indent).Append(depth == 0 ? "  " : "     ").Append(detail).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>One node: what it is, rows, loops and what it took.</summary>
    public static string Line(PlanNode node)
    {
        var culture = CultureInfo.InvariantCulture;
        var estimate = string.Create(culture, $"{node.Label}  (estimated rows {node.EstimatedRows:0}");
        return node.ActualRows is null ? estimate + ")"
            : node.Loops == 0 ? estimate + ", never executed)"
            : string.Create(culture, $"{estimate}, actual {node.ActualRows:0} x {node.Loops:0}")
                + (node.SelfMs is { } self ? string.Create(culture, $", self {self:0.###} ms, total {node.TotalMs:0.###} ms)") : ")");
    }

    /// <summary>The labels from the root down, on one line: "Limit > Sort > Seq Scan on orders"; branches in brackets.</summary>
    public static string Summary(PlanNode node) => node.Children.Count switch
    {
        0 => node.Label,
        1 => $"{node.Label} > {Summary(node.Children[0])}",
        _ => $"{node.Label} > ({string.Join(", ", node.Children.Select(Summary))})",
    };
}
