namespace Reco.Silo.Partitions;

/// <summary>
/// Waits that double from failure to failure, up to a bound. With a source of randomness the upper half of each wait is drawn, so that workers
/// that failed together do not come back together.
/// </summary>
internal sealed class RetryDelay(TimeSpan first, TimeSpan longest, TimeProvider time, Random? jitter = null)
{
    private int _failures;

    /// <summary>The next wait, at the most.</summary>
    public TimeSpan Next => first * Math.Pow(2, _failures) is var doubled && doubled < longest ? doubled : longest;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Next;
        _failures = wait < longest ? _failures + 1 : _failures;
        await Task.Delay(jitter is null ? wait : wait * (0.5 + (jitter.NextDouble() / 2)), time, cancellationToken);
    }

    public void Reset() => _failures = 0;
}
