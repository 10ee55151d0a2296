namespace Reco.ClientApi.Serving;

/// <summary>
/// Whether the serving cache is worth asking. At a shop's peak every user has new events by the next request, no cached answer is still true, and
/// asking for it is a round trip for nothing. It is asked by a few all the same, to see when that is over.
/// </summary>
internal sealed class CacheWorth
{
    /// <summary>Of the latest answer in the moving share of hits: 130 misses in a row bring it from all to <see cref="HitShareMin"/>.</summary>
    private const double Weight = 1.0 / 64;

    /// <summary>A hit saves about as much as a few questions cost.</summary>
    private const double HitShareMin = 1.0 / 8;

    /// <summary>One request of so many asks in any case.</summary>
    private const uint Trial = 16;

    private readonly Lock _gate = new();
    private double _hitShare = 1;
    private uint _requests;

    /// <summary>Whether this request should ask.</summary>
    public bool IsWorthAsking() => Volatile.Read(ref _hitShare) >= HitShareMin || Interlocked.Increment(ref _requests) % Trial == 0;

    /// <summary>The cache was asked, and what it held was the answer or was not.</summary>
    public void Asked(bool wasHit)
    {
        lock (_gate)
        {
            Volatile.Write(ref _hitShare, _hitShare + (((wasHit ? 1 : 0) - _hitShare) * Weight));
        }
    }
}
