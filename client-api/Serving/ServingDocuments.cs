using System.Text.Json;
using Reco.ClientApi.Contracts;
using Reco.Core.Ports;
using Reco.Core.Serving;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Serving;

/// <summary>
/// What stands in the serving cache: the shapes of the REST gateway, written by its serializer, so that a program reads the same there as here.
/// </summary>
public static class ServingDocuments
{
    /// <summary>The answer of GET /recommendations/{user}, without parameters.</summary>
    public static ServingDocument Recommendations(string userId, RecommendationAnswer answer, DateTimeOffset now, ServingCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(options);
        // A user without events is not cached: nothing to say about how long.
        var ages = answer.Revision is not null && Array.Exists(answer.Items, item => item.Source is RecommendationSource.Trending or RecommendationSource.Popular);
        var body = RecommendationsResponse.From(userId, answer, now) with
        {
            Revision = answer.Revision,
            FreshUntil = ages ? now.AddSeconds(options.RankedAgeSecondsMax) : null,
        };
        return new ServingDocument(
            ServingKeys.Recommendations(userId),
            JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.RecommendationsResponse),
            options.RecommendationsTimeToLive);
    }

    /// <summary>The answer of GET /user-stats/{user}.</summary>
    public static ServingDocument UserStats(UserStats stats, long modelVersion, DateTimeOffset now, ServingCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(stats);
        ArgumentNullException.ThrowIfNull(options);
        var body = UserStatsResponse.From(stats) with { GeneratedAt = now, ModelVersion = modelVersion };
        return new ServingDocument(
            ServingKeys.UserStats(stats.UserId), JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.UserStatsResponse), options.UserStatsTimeToLive);
    }

    /// <summary>The ranking, and as a snapshot the answer of GET /trending or /popular-products.</summary>
    public static (ServingRanking Ranking, ServingDocument Snapshot) Ranking(
        TopQuery query, RankedProduct[] top, long modelVersion, DateTimeOffset now, ServingCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(top);
        ArgumentNullException.ThrowIfNull(options);
        var (key, snapshotKey) = query.Kind == TopKind.Trending
            ? (ServingKeys.Trending(query.Category), ServingKeys.TrendingSnapshot(query.Category))
            : (ServingKeys.Popular(query.Category), ServingKeys.PopularSnapshot(query.Category));
        var body = new RankingResponse
        {
            GeneratedAt = now,
            ModelVersion = modelVersion,
            Category = query.Category,
            Items = Array.ConvertAll(top, RankedItem.From),
        };
        return (
            new ServingRanking(key, Array.ConvertAll(top, product => new RankedMember(product.ProductId, product.Score)), options.RankingsTimeToLive),
            new ServingDocument(snapshotKey, JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Default.RankingResponse), options.RankingsTimeToLive));
    }

    /// <summary>
    /// What of a document of recommendations decides whether it may be answered; null when it is no such document. Reads no further than the items,
    /// which come last.
    /// </summary>
    internal static Freshness? ReadFreshness(ReadOnlySpan<byte> json)
    {
        string? revision = null;
        DateTimeOffset? until = null;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && !reader.ValueTextEquals("items"u8))
            {
                var (isRevision, isUntil) = (reader.ValueTextEquals("revision"u8), reader.ValueTextEquals("fresh_until"u8));
                reader.Read();
                if (isRevision)
                {
                    revision = reader.GetString();
                }
                else if (isUntil)
                {
                    until = reader.GetDateTimeOffset();
                }
                else
                {
                    reader.Skip();
                }
            }

            return revision is null ? null : new Freshness(revision, until);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            // Another program's, or another version's: as if there were none, and soon replaced.
            return null;
        }
    }

    /// <param name="Revision">What it was computed from.</param>
    /// <param name="Until">When the ranked products in it are too old; null when there are none.</param>
    internal readonly record struct Freshness(string Revision, DateTimeOffset? Until);
}
