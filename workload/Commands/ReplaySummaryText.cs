using System.Globalization;
using Reco.Workload.Replay;

namespace Reco.Workload.Commands;

/// <summary>The end of a replay in words.</summary>
internal static class ReplaySummaryText
{
    public static IEnumerable<string> Lines(ReplaySummary summary)
    {
        var culture = CultureInfo.InvariantCulture;
        yield return string.Create(
            culture,
            $"{summary.SentHere} events sent in {summary.Elapsed.TotalSeconds:0.0} s, {summary.RatePerSecond:0}/s; {summary.Products} products.");
        yield return string.Create(
            culture,
            $"Of the file: {summary.Progress.Accepted} events accepted, {summary.Progress.Rejected} rejected, "
            + $"{summary.Tally.Purchases} purchases in {summary.Tally.Rows} rows.");
        foreach (var (reason, rows) in summary.Tally.SkippedByReason())
        {
            yield return string.Create(culture, $"  skipped {reason}: {rows}");
        }

        foreach (var bad in summary.Tally.BadRows)
        {
            yield return $"  bad row, {bad}";
        }

        foreach (var rejection in summary.Rejections)
        {
            yield return $"  rejected {rejection}";
        }
    }
}
