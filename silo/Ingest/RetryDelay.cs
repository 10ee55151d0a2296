namespace Reco.Silo.Ingest;

/// <summary>Waits that double from failure to failure, up to a bound.</summary>
internal sealed class RetryDelay(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private int _failures;

    public TimeSpan Next => first * Math.Pow(2, _failures) is var doubled && doubled < longest ? doubled : longest;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Next;
        _failures = wait < longest ? _failures + 1 : _failures;
        await Task.Delay(wait, time, cancellationToken);
    }

    public void Reset() => _failures = 0;
}
