namespace Reco.Silo.Partitions;

/// <summary>
/// Lets the commits of one partition through, one at a time, until the partition is lost. A commit that the log has been asked for cannot be
/// taken back; it is the log that refuses it then.
/// </summary>
internal sealed class CommitGate
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile bool _abandoned;

    /// <summary>Commits; false when the partition is lost, and nothing was done.</summary>
    public async Task<bool> TryAsync(Func<Task> commit, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_abandoned)
            {
                return false;
            }

            await commit();
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Once this has ended nothing is committed any more, not even by a checkpoint that is under way.</summary>
    public async Task AbandonAsync(CancellationToken cancellationToken)
    {
        _abandoned = true;
        await _gate.WaitAsync(cancellationToken);
        _gate.Release();
    }
}
