using System.Text.Json;
using Reco.Adapters.Postgres.Tuning.Measuring;
using Reco.Adapters.Postgres.Tuning.Plans;
using Reco.Adapters.Postgres.Tuning.UserSql;

namespace Reco.ClientApi.Contracts;

/// <summary>The executed plan of a statement.</summary>
public sealed record PlanResponse
{
    /// <summary>The statement that ran.</summary>
    public required string Query { get; init; }

    public required long Rows { get; init; }

    public required double PlanningMs { get; init; }

    /// <summary>With a clock at every node, which makes it a little slower than it is without.</summary>
    public required double ExecutionMs { get; init; }

    public required BlockCounts Buffers { get; init; }

    /// <summary>The node with the longest self time.</summary>
    public required PlanLine? SlowestNode { get; init; }

    /// <summary>Nodes whose rows the planner misjudged more than tenfold, the worst first.</summary>
    public required IReadOnlyList<Misestimate> Misestimates { get; init; }

    public required IReadOnlyList<string> Advice { get; init; }

    /// <summary>The plan as an indented tree.</summary>
    public required string PlanText { get; init; }

    /// <summary>EXPLAIN's own JSON, with PostgreSQL's names.</summary>
    public required JsonElement Plan { get; init; }

    internal static PlanResponse From(PlanReport report)
    {
        using var plan = JsonDocument.Parse(report.PlanJson, new JsonDocumentOptions { MaxDepth = 1_024 });
        return new PlanResponse
        {
            Query = report.Query,
            Rows = report.Rows,
            PlanningMs = report.PlanningMs,
            ExecutionMs = report.ExecutionMs,
            Buffers = report.Buffers,
            SlowestNode = report.SlowestNode,
            Misestimates = report.Misestimates,
            Advice = report.Advice,
            PlanText = report.PlanText,
            Plan = plan.RootElement.Clone(),
        };
    }
}
