using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Reco.ClientApi.Serving;
using Reco.Core.Ports;
using Reco.Core.Serving;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Grains.Model;

namespace Reco.Silo.Serving;

/// <summary>
/// Keeps what other programs read from the serving cache: the documents of users with new events, of all active users when a model is published or
/// the cache has come back, and the rankings. One round at a time, each with a bounded number of users and one write.
/// </summary>
internal sealed partial class ServingFiller(
    IServingCache cache,
    IGrainFactory grains,
    UserActivity activity,
    ModelHolder models,
    IStreamClock clock,
    ICatalogue catalogue,
    ServingFillMetrics metrics,
    IOptions<ServingFillOptions> options,
    IOptions<ServingCacheOptions> cacheOptions,
    IOptions<WindowOptions> windows,
    TimeProvider time,
    ILogger<ServingFiller> logger)
{
    private static readonly RecommendationQuery Query = new();
    private static readonly TopKind[] Kinds = [TopKind.Trending, TopKind.Popular];

    private readonly FillPace _pace = new(options.Value);
    private long _generation;
    private long _modelVersion;
    private long _catalogueVersion = -1;
    private string[] _categories = [];
    private int _nextCategory;
    private long? _rankedAt;
    private string? _rebuilding;
    private bool _failed;

    /// <summary>Does what is due. <paramref name="since"/> the last round so much time has passed, which bounds the users of this one.</summary>
    public async Task RoundAsync(TimeSpan since, CancellationToken cancellationToken)
    {
        if (!cache.IsAvailable)
        {
            // Nothing is computed for nobody; when it is back, its generation says that all are due.
            return;
        }

        NoteChanges();
        try
        {
            await WriteRankingsAsync(cancellationToken);
            await WriteUsersAsync(since, cancellationToken);
            _failed = false;
        }
        catch (Exception failure) when (failure is ServingCacheException or TimeoutException)
        {
            metrics.Failed();
            if (!_failed)
            {
                // Once until a round goes well: the metrics count the rest.
                _failed = true;
                LogFailed(failure.Message);
            }
        }
    }

    private void NoteChanges()
    {
        activity.Forget(clock.NowMs - (long)windows.Value.Length.TotalMilliseconds);
        var (generation, modelVersion) = (cache.Generation, models.Current?.Version ?? 0);
        if (generation != _generation)
        {
            (_generation, _rankedAt) = (generation, null);
            Rebuild("cache");
        }
        else if (modelVersion != _modelVersion)
        {
            Rebuild("model");
        }

        _modelVersion = modelVersion;
    }

    private void Rebuild(string reason)
    {
        metrics.Rebuilding(reason);
        var users = activity.MakeAllDue();
        _rebuilding = reason;
        LogRebuilding(users, reason);
    }

    private async Task WriteRankingsAsync(CancellationToken cancellationToken)
    {
        if (_rankedAt is { } at && time.GetElapsedTime(at) < TimeSpan.FromSeconds(options.Value.RankingIntervalSeconds))
        {
            return;
        }

        var board = grains.GetGrain<ITrendingGrain>(0);
        var (rankings, snapshots) = (new List<ServingRanking>(), new List<ServingDocument>());
        foreach (var category in NextCategories().Prepend(null))
        {
            foreach (var kind in Kinds)
            {
                var query = new TopQuery { Kind = kind, Limit = options.Value.RankingLimit, Category = category };
                var top = await board.GetTopAsync(query).WaitAsync(cancellationToken);
                var (ranking, snapshot) = ServingDocuments.Ranking(query, top, _modelVersion, time.GetUtcNow(), cacheOptions.Value);
                rankings.Add(ranking);
                snapshots.Add(snapshot);
            }
        }

        await cache.WriteAsync(new ServingWrites { Documents = snapshots, Rankings = rankings }, cancellationToken);
        _rankedAt = time.GetTimestamp();
        metrics.WroteRankings(rankings.Count);
    }

    /// <summary>In turn, a bounded number at a time: a ranking of a category costs a walk over all products.</summary>
    private IEnumerable<string?> NextCategories()
    {
        if (_catalogueVersion != catalogue.Version)
        {
            _catalogueVersion = catalogue.Version;

            // Categories are the same in any case: the first spelling in ordinal order names the key.
            _categories = [.. catalogue.Products.Select(p => p.Category).Order(StringComparer.Ordinal).Distinct(StringComparer.OrdinalIgnoreCase)];
        }

        var count = Math.Min(options.Value.CategoriesPerRound, _categories.Length);
        for (var i = 0; i < count; i++)
        {
            yield return _categories[_nextCategory++ % _categories.Length];
        }
    }

    private async Task WriteUsersAsync(TimeSpan since, CancellationToken cancellationToken)
    {
        var users = activity.Take(_pace.Next(since));
        if (users.Count > 0)
        {
            // If the write fails they are not due any more: a lost connection makes all due, and a full cache would refuse them again.
            var documents = await ComputeAsync(users, cancellationToken);
            await cache.WriteAsync(new ServingWrites { Documents = documents }, cancellationToken);
            metrics.WroteUsers(users.Count);
        }

        if (_rebuilding is { } reason && activity.Due == 0)
        {
            _rebuilding = null;
            LogRebuilt(reason, metrics.Users);
        }
    }

    private async Task<List<ServingDocument>> ComputeAsync(List<string> users, CancellationToken cancellationToken)
    {
        var documents = new ConcurrentBag<ServingDocument>();
        var ticks = 0L;
        await Parallel.ForEachAsync(
            users,
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.UsersInFlightMax, CancellationToken = cancellationToken },
            async (userId, _) =>
            {
                var started = time.GetTimestamp();
                try
                {
                    await ComputeAsync(userId, documents);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // A grain whose state cannot be read, say. Its user's documents run out of their time; the others' are written.
                    metrics.Failed();
                    LogUserFailed(failure, userId);
                }

                Interlocked.Add(ref ticks, time.GetElapsedTime(started).Ticks);
            });
        _pace.Took(TimeSpan.FromTicks(ticks), users.Count);
        return [.. documents];
    }

    private async Task ComputeAsync(string userId, ConcurrentBag<ServingDocument> documents)
    {
        var user = grains.GetGrain<IUserGrain>(userId);
        var stats = await user.GetStatsAsync();
        var answer = await user.RecommendAsync(Query);
        var now = time.GetUtcNow();
        documents.Add(ServingDocuments.Recommendations(userId, answer, now, cacheOptions.Value));
        if (stats is not null)
        {
            documents.Add(ServingDocuments.UserStats(stats, answer.ModelVersion, now, cacheOptions.Value));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving cache: documents of {Users} active users are due, for the {Reason} is new")]
    private partial void LogRebuilding(int users, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving cache: all that were due since the {Reason} was new are written, {Users} users since the start")]
    private partial void LogRebuilt(string reason, long users);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Serving cache: the documents of {UserId} could not be computed")]
    private partial void LogUserFailed(Exception failure, string userId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The serving cache could not be filled; it is tried again and again. {Reason}")]
    private partial void LogFailed(string reason);
}
