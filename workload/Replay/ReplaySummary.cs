using Reco.Workload.Retail;

namespace Reco.Workload.Replay;

/// <summary>What a replay did.</summary>
/// <param name="Progress">Acknowledged of the file, this run and those it resumed.</param>
/// <param name="Tally">Rows of the whole file by what they are.</param>
/// <param name="Products">Products put into the catalogue.</param>
/// <param name="SentHere">Events that this run sent and that were answered.</param>
/// <param name="Elapsed">Time that sending them took.</param>
/// <param name="Rejections">The first refused events and why.</param>
public sealed record ReplaySummary(
    ReplayProgress Progress,
    RetailTally Tally,
    int Products,
    long SentHere,
    TimeSpan Elapsed,
    IReadOnlyList<string> Rejections)
{
    /// <summary>Events per second of this run.</summary>
    public double RatePerSecond => Elapsed > TimeSpan.Zero ? SentHere / Elapsed.TotalSeconds : 0;
}

/// <summary>Watches a replay. Called from one task at a time.</summary>
public interface IReplayObserver
{
    /// <summary>The file was read and the catalogue put: this many rows, this far already done.</summary>
    void Begun(RetailTally tally, int products, ReplayProgress from);

    /// <summary>More was acknowledged.</summary>
    void Advanced(ReplayProgress progress);
}
