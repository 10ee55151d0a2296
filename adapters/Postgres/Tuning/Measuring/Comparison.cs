namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>A statement, and how the planner is held while it runs.</summary>
/// <param name="Name">In a few words what is special about this form.</param>
/// <param name="Sql">The statement, with all values in it: it can be pasted into psql.</param>
internal sealed record QueryForm(string Name, string Sql)
{
    /// <summary>Planner settings as SET LOCAL: "enable_seqscan = off".</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}

/// <summary>Blocks of 8 kB that a run touched.</summary>
/// <param name="Hit">Found in PostgreSQL's memory.</param>
/// <param name="Read">Asked of the operating system.</param>
public sealed record BlockCounts(long Hit, long Read);

/// <summary>A node of a measured plan.</summary>
public sealed record PlanLine(int Depth, string Node, double EstimatedRows, double? Rows, double Loops, double? SelfMs);

/// <summary>A measured plan in short.</summary>
/// <param name="Summary">The nodes on one line, from the root down.</param>
/// <param name="Nodes">The nodes, parents first.</param>
public sealed record PlanSummary(string Summary, IReadOnlyList<PlanLine> Nodes);

/// <summary>What a form of a query cost.</summary>
public sealed record MeasuredForm
{
    public required string Name { get; init; }

    public required string Sql { get; init; }

    /// <summary>What was SET LOCAL for it.</summary>
    public required IReadOnlyList<string> Settings { get; init; }

    /// <summary>Median execution time, as PostgreSQL clocks it: planning and sending rows to a client are not in it.</summary>
    public required double MedianMs { get; init; }

    public required IReadOnlyList<double> RunsMs { get; init; }

    public required double PlanningMs { get; init; }

    public required long Rows { get; init; }

    public required BlockCounts Buffers { get; init; }

    public required PlanSummary Plan { get; init; }
}

/// <summary>Two forms of a query, side by side.</summary>
public record Comparison
{
    public required MeasuredForm Slow { get; init; }

    public required MeasuredForm Fast { get; init; }

    /// <summary>Median of slow over median of fast.</summary>
    public required double Speedup { get; init; }

    /// <summary>Whether all forms returned the same rows, by a hash over all of them (with their order, where the query gives one).</summary>
    public required bool Identical { get; init; }

    /// <summary>What made the difference, from what was measured.</summary>
    public required string Explanation { get; init; }

    /// <summary>Other forms of the same query.</summary>
    public IReadOnlyList<MeasuredForm> Alternatives { get; init; } = [];

    /// <summary>What was done for the measurement, and what it does not say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
