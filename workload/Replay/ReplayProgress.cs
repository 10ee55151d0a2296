namespace Reco.Workload.Replay;

/// <summary>What the server has acknowledged of a file.</summary>
/// <param name="FileIdentity">Of which file.</param>
/// <param name="Rows">Every data row up to this one is done: its event is durable or refused, or it is none.</param>
/// <param name="Accepted">Events durable.</param>
/// <param name="Rejected">Events that the server refused.</param>
public sealed record ReplayProgress(string FileIdentity, long Rows, long Accepted, long Rejected)
{
    /// <summary>Events sent and answered.</summary>
    public long Events => Accepted + Rejected;
}

/// <summary>Where progress is kept.</summary>
public interface IReplayProgressStore
{
    /// <summary>What was saved last; null when nothing was.</summary>
    /// <exception cref="ReplayProgressException">It is damaged.</exception>
    ReplayProgress? Load();

    /// <summary>Replaces it; durable when it returns.</summary>
    void Save(ReplayProgress progress);
}

/// <summary>The saved progress cannot be used; the message says what to do.</summary>
public sealed class ReplayProgressException(string message, Exception? inner = null) : Exception(message, inner);
