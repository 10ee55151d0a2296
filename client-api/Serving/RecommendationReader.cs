using Microsoft.Extensions.Options;
using Orleans;
using Reco.Core.Ports;
using Reco.Core.Serving;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Serving;

/// <summary>
/// Answers from the serving cache what is still true, and computes the rest. Whether it is true the user's grain says, in the same call that would
/// compute it: the call carries the revision of the cached answer, and comes back empty when that is the present one. So a cached answer is never
/// older than a computed one would be, and a miss costs no further call.
/// </summary>
internal sealed class RecommendationReader(
    IGrainFactory grains,
    IServingCache cache,
    ServingWriter writer,
    IOptions<ServingCacheOptions> options,
    ServingMetrics metrics,
    TimeProvider time)
{
    /// <summary>The one that is cached: other parameters are rare, many, and would each need a key.</summary>
    private static readonly RecommendationQuery Cached = new();

    private const string Unavailable = "unavailable";
    private const string NotAsked = "not asked";

    private readonly CacheWorth _worth = new();
    private readonly TimeSpan _readTimeout = TimeSpan.FromMilliseconds(options.Value.ReadTimeoutMilliseconds);

    public async Task<RecommendationsResult> ReadAsync(string userId, RecommendationQuery query, CancellationToken cancellationToken)
    {
        var isCached = query == Cached;
        var (held, why) = isCached ? await FindAsync(userId, cancellationToken) : (null, "parameters");
        var answer = await grains.GetGrain<IUserGrain>(userId)
            .RecommendAsync(held is null ? query : query with { UnlessRevision = held.Revision })
            .WaitAsync(cancellationToken);
        if (isCached && why is not (Unavailable or NotAsked))
        {
            _worth.Asked(answer.Unchanged);
        }

        if (answer.Unchanged)
        {
            metrics.Answered("hit");
            return new RecommendationsResult(held!.Json, isHit: true);
        }

        metrics.Answered(held is null ? why : "changed");
        var document = ServingDocuments.Recommendations(userId, answer, time.GetUtcNow(), options.Value);
        if (isCached && answer.Revision is not null)
        {
            // Not for users without events: anybody could fill the cache with names.
            writer.Enqueue(document);
        }

        return new RecommendationsResult(document.Json, isHit: false);
    }

    /// <summary>What the cache holds that may be answered; or why there is nothing. A cache that is slow or away is none.</summary>
    private async ValueTask<(Held? Held, string Why)> FindAsync(string userId, CancellationToken cancellationToken)
    {
        if (!options.Value.Answers || !cache.IsAvailable)
        {
            return (null, Unavailable);
        }

        if (!_worth.IsWorthAsking())
        {
            return (null, NotAsked);
        }

        ReadOnlyMemory<byte>? json;
        try
        {
            var reading = cache.ReadAsync(ServingKeys.Recommendations(userId), cancellationToken);
            json = reading.IsCompletedSuccessfully
                ? reading.Result
                : await reading.AsTask().WaitAsync(_readTimeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is ServingCacheException or TimeoutException)
        {
            return (null, Unavailable);
        }

        if (json is null)
        {
            return (null, "absent");
        }

        if (ServingDocuments.ReadFreshness(json.Value.Span) is not { } freshness)
        {
            return (null, "unreadable");
        }

        return freshness.Until is { } until && time.GetUtcNow() >= until
            ? (null, "aged")
            : (new Held(json.Value, freshness.Revision), "");
    }

    private sealed record Held(ReadOnlyMemory<byte> Json, string Revision);
}
