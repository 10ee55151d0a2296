using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>Several forms of a query; slow and fast are the slowest and the fastest of them.</summary>
public sealed record FormsComparison : Comparison
{
    /// <summary>Which question it was: join_optimization or subquery_optimization.</summary>
    public required string Type { get; init; }

    /// <summary>All forms.</summary>
    public required IReadOnlyList<MeasuredForm> Forms { get; init; }

    internal static FormsComparison Of(string type, AlternatingRuns.Outcome measured, Func<MeasuredForm, string> why)
    {
        var (slow, fast) = (measured.Forms.MaxBy(form => form.MedianMs)!, measured.Forms.MinBy(form => form.MedianMs)!);
        return new FormsComparison
        {
            Type = type,
            Forms = measured.Forms,
            Slow = slow,
            Fast = fast,
            Speedup = Words.Ratio(slow, fast),
            Identical = measured.Identical,
            Explanation = $"{fast.Name} is {Words.Against(fast, slow)} than {slow.Name}: {why(fast)}; {Words.Blocks(fast)} against {Words.Blocks(slow)}.",
        };
    }
}
