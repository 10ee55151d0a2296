namespace Reco.Adapters.Postgres.Tuning.Plans;

/// <summary>A whole plan.</summary>
public sealed record QueryPlan
{
    public required PlanNode Root { get; init; }

    /// <summary>Milliseconds that planning took; null when EXPLAIN was not asked.</summary>
    public double? PlanningMs { get; init; }

    /// <summary>Milliseconds that execution took, triggers included; null when it was not executed.</summary>
    public double? ExecutionMs { get; init; }

    /// <summary>The JSON as PostgreSQL gave it.</summary>
    public required string Json { get; init; }
}
