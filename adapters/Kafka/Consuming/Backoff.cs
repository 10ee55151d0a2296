namespace Reco.Adapters.Kafka.Consuming;

/// <summary>Waits that double from failure to failure, from 0.1 s up to 5 s. For one thread.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _delay = First;
    private long? _failedAt;

    /// <summary>Whether it is time to try.</summary>
    public bool IsDue => _failedAt is not { } since || time.GetElapsedTime(since) >= _delay;

    /// <summary>It failed; answers how long to wait.</summary>
    public TimeSpan Failed()
    {
        _delay = _failedAt is null ? First : _delay * 2 < Longest ? _delay * 2 : Longest;
        _failedAt = time.GetTimestamp();
        return _delay;
    }

    public void Reset() => (_failedAt, _delay) = (null, First);
}
