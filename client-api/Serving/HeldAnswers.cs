using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Cache;
using Reco.Core.Ports;
using Reco.Core.Serving;

namespace Reco.ClientApi.Serving;

/// <summary>
/// Recommendations that are there already, to be answered if the user's grain says that they are still true: those that this gateway answered last,
/// in its own memory, and what the serving cache holds of other users. For whom it has answered the cache is not asked: that is a round trip, at a
/// peak a long one, and what it could know better another gateway must have computed in the meantime.
/// </summary>
internal sealed class HeldAnswers(
    IServingCache cache, EmbeddedServingCache memory, ServingWriter writer, IOptions<ServingCacheOptions> options, TimeProvider time)
{
    private const string Unavailable = "unavailable";
    private const string Absent = "absent";

    private readonly CacheWorth _worth = new();
    private readonly bool _isAllInMemory = ReferenceEquals(cache, memory);
    private readonly TimeSpan _readTimeout = TimeSpan.FromMilliseconds(options.Value.ReadTimeoutMilliseconds);

    /// <summary>The user's, or why there is none. A cache that is slow or away has none.</summary>
    public async ValueTask<Found> FindAsync(string userId, CancellationToken cancellationToken)
    {
        if (!options.Value.Answers)
        {
            return new Found(Unavailable);
        }

        var key = ServingKeys.Recommendations(userId);
        if (await memory.ReadAsync(key, cancellationToken) is { } own)
        {
            return Judge(own);
        }

        if (_isAllInMemory)
        {
            return new Found(Absent);
        }

        if (!cache.IsAvailable)
        {
            return new Found(Unavailable);
        }

        if (!_worth.IsWorthAsking())
        {
            return new Found("not asked");
        }

        ReadOnlyMemory<byte>? json;
        try
        {
            var reading = cache.ReadAsync(key, cancellationToken);
            json = reading.IsCompletedSuccessfully
                ? reading.Result
                : await reading.AsTask().WaitAsync(_readTimeout, time, cancellationToken);
        }
        catch (Exception failure) when (failure is ServingCacheException or TimeoutException)
        {
            return new Found(Unavailable);
        }

        return json is null ? new Found(Absent) { IsOfCache = true } : Judge(json.Value) with { IsOfCache = true };
    }

    /// <summary>What came of it: whether the grain said that what was found is true.</summary>
    public void Tried(string userId, Found found, bool isTrue)
    {
        if (!found.IsOfCache)
        {
            return;
        }

        _worth.Asked(isTrue);
        if (isTrue)
        {
            memory.Put(new ServingDocument(ServingKeys.Recommendations(userId), found.Json!.Value, options.Value.RecommendationsTimeToLive));
        }
    }

    /// <summary>Keeps what was computed, for the next requests and for other programs.</summary>
    public void Keep(ServingDocument document)
    {
        memory.Put(document);
        if (!_isAllInMemory)
        {
            writer.Enqueue(document);
        }
    }

    private Found Judge(ReadOnlyMemory<byte> json)
    {
        if (ServingDocuments.ReadFreshness(json.Span) is not { } freshness)
        {
            return new Found("unreadable");
        }

        return freshness.Until is { } until && time.GetUtcNow() >= until
            ? new Found("aged")
            : new Found("changed") { Json = json, Revision = freshness.Revision };
    }

    /// <param name="WhyNot">Why an answer was not there, or in case that what was there is no longer true.</param>
    internal readonly record struct Found(string WhyNot)
    {
        /// <summary>The answer; null when there is none.</summary>
        public ReadOnlyMemory<byte>? Json { get; init; }

        /// <summary>What it was computed from; null when there is none.</summary>
        public string? Revision { get; init; }

        /// <summary>Whether the cache was asked for it, and has answered.</summary>
        public bool IsOfCache { get; init; }
    }
}
