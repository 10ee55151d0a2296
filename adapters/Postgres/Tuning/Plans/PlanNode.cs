namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>A node of an executed plan, as EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) tells it. Times are milliseconds of wall clock over all loops.</summary>
public sealed record PlanNode
{
    /// <summary>"Index Scan", "Hash Join", ...</summary>
    public required string Type { get; init; }

    /// <summary>The type with what it works on: "Index Scan using orders_pkey on orders o".</summary>
    public required string Label { get; init; }

    public string? Relation { get; init; }

    public string? Index { get; init; }

    /// <summary>Rows of one loop that the planner expected.</summary>
    public required double EstimatedRows { get; init; }

    /// <summary>Rows of one loop, on average over loops; null when the plan was not executed.</summary>
    public double? ActualRows { get; init; }

    /// <summary>How often it ran, over all processes of a parallel plan; 0 when it never had to.</summary>
    public double Loops { get; init; }

    /// <summary>With all that is below it; null when clocks were off.</summary>
    public double? TotalMs { get; init; }

    /// <summary>Without what is below it; null when clocks were off.</summary>
    public double? SelfMs { get; init; }

    /// <summary>Blocks of tables and indexes found in shared memory, with all that is below.</summary>
    public long BlocksHit { get; init; }

    /// <summary>Blocks of tables and indexes asked of the operating system, with all that is below.</summary>
    public long BlocksRead { get; init; }

    /// <summary>Blocks of temporary files written, with all that is below.</summary>
    public long TempBlocksWritten { get; init; }

    /// <summary>Rows of one loop that a filter or a join filter threw away.</summary>
    public double RowsRemoved { get; init; }

    /// <summary>"Filter: (...)", "Index Cond: (...)", "Sort Key: ...", and what happened to memory.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>The filter that is applied after rows were read.</summary>
    public string? Filter { get; init; }

    /// <summary>Rows that an index-only scan had to look up in the table, because their page is not known to be visible to all.</summary>
    public long HeapFetches { get; init; }

    /// <summary>Kilobytes that a sort spilled to disk.</summary>
    public long SpilledKilobytes { get; init; }

    /// <summary>Pieces a hash was cut into; above 1 it did not fit in memory.</summary>
    public long HashBatches { get; init; }

    /// <summary>Why it is below its parent: "Outer", "Inner", "InitPlan", "SubPlan", ...</summary>
    public string? Relationship { get; init; }

    /// <summary>The name of a sub-plan: "CTE recent".</summary>
    public string? SubplanName { get; init; }

    /// <summary>The common table expression that a CTE Scan reads.</summary>
    public string? CteName { get; init; }

    public IReadOnlyList<PlanNode> Children { get; init; } = [];

    /// <summary>This node and all below it, parents first, with their depth.</summary>
    public IEnumerable<(PlanNode Node, int Depth)> Walk(int depth = 0) =>
        Children.SelectMany(child => child.Walk(depth + 1)).Prepend((this, depth));
}
