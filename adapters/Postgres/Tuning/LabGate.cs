namespace Reco.Adapters.Postgres.Tuning;

/// <summary>So many at a time, so many waiting, and each waits only so long: beyond that the caller is told to come back.</summary>
internal sealed class LabGate(int concurrent, TuningOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(concurrent, concurrent);
    private int _present;

    public async Task<T> RunAsync<T>(Func<Task<T>> run, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _present) > concurrent + options.WaitingMax)
        {
            Interlocked.Decrement(ref _present);
            throw Full();
        }

        try
        {
            await TurnAsync(cancellationToken);
            try
            {
                return await run();
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    private async Task TurnAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.WaitSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await _turns.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Full();
        }
    }

    private static TuningException Full() =>
        new(TuningFault.Busy, "The laboratory measures for others just now, and more at one time would disturb each other. Try again shortly.");

    public void Dispose() => _turns.Dispose();
}
