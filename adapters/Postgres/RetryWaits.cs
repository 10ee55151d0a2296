namespace Reco.Adapters.Postgres;

/// <summary>Waits that double from failure to failure, from 0.2 s up to a bound. For one caller at a time.</summary>
internal sealed class RetryWaits(TimeSpan longest, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.2);

    private TimeSpan _next = First;

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next < longest ? _next : longest;
        _next = wait * 2;
        await Task.Delay(wait, time, cancellationToken);
    }

    public void Reset() => _next = First;
}
