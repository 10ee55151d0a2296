using Microsoft.Extensions.Logging;
using Reco.Core.Ports;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;
using Reco.Grains.Recommending;
using Reco.Grains.State;
using Reco.Grains.Statistics;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Grains.Users;

/// <summary>One shopper.</summary>
public sealed class UserGrain(
    [PersistentState("user", GrainStorageNames.Grains)] IPersistentState<EncodedState> state,
    ProfileRules rules,
    IStreamClock clock,
    RecommendationService recommendations,
    ILogger<UserGrain> logger)
    : CheckpointedGrain<UserProfile>(state, new UserProfile(), logger), IUserGrain
{
    protected override PartitionOffsets Offsets => Profile.Offsets;

    public Task<ApplyOutcome> ApplyAsync(UserSlice slice)
    {
        clock.Advance(slice.StreamTimeMs);
        if (RefusalOf(slice.Partition, slice.After) is { } refusal)
        {
            return Task.FromResult(refusal);
        }

        foreach (ref readonly var item in slice.Events.AsSpan())
        {
            var applied = Profile.Apply(
                new UserProfileEvent
                {
                    Partition = slice.Partition,
                    Offset = item.Offset,
                    Kind = (int)item.Type,
                    TimeMs = item.TimestampMs,
                    ProductId = item.ProductId,
                    Weight = EventTypes.Weight(item.Type),
                    Revenue = item.Revenue,
                    IsPurchase = item.Type == EventType.Purchase,
                    Late = item.Late,
                },
                rules);
            if (applied)
            {
                MarkChanged();
            }
        }

        return Task.FromResult(ApplyOutcome.Applied);
    }

    public Task<UserStats?> GetStatsAsync()
    {
        ThrowIfQuarantined();
        if (Profile.Totals.Events == 0)
        {
            return Task.FromResult<UserStats?>(null);
        }

        return Task.FromResult<UserStats?>(new UserStats
        {
            UserId = this.GetPrimaryKeyString(),
            Totals = EventCounts.From(Profile.Totals.Counts),
            Revenue = Profile.Totals.Revenue,
            Window = WindowMapping.Describe(Profile.Window.Read(rules.UserWindow, clock.NowMs)),
            LateEvents = Profile.Totals.Late,
            HistoryItems = Profile.History.Entries.Count,
            LastEventAt = DateTimeOffset.FromUnixTimeMilliseconds(Profile.Totals.LastEventMs),
        });
    }

    public async Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query)
    {
        ThrowIfQuarantined();
        var revision = recommendations.RevisionOf(Profile);
        if (revision is not null && revision == query.UnlessRevision)
        {
            return recommendations.Unchanged(revision);
        }

        var history = Profile.History;
        HistoryItem[] items = [.. history.Entries.Select(entry => new HistoryItem(entry.ProductId, entry.Weight, entry.StrongestKind))];
        return await recommendations.RecommendAsync(GrainFactory, items, IsLeftOut, query) with { Revision = revision };

        bool IsLeftOut(string productId) => history.HasPurchased(productId)
            ? query.ExcludePurchased
            : query.ExcludeSeen && history.TryGet(productId, out _);
    }

    protected override UserProfile Decode(byte[] bytes) => UserProfile.Decode(bytes);

    protected override byte[] Encode() => Profile.Encode();

    /// <summary>The whole training row, which replaces the older one; none of a user that was only asked about.</summary>
    protected override Task ReportAsync()
    {
        if (Profile.Totals.Events == 0)
        {
            return Task.CompletedTask;
        }

        var userId = this.GetPrimaryKeyString();
        var (productIds, weights) = Profile.History.Row();
        return GrainFactory.GetGrain<IInteractionShardGrain>(StableHash.Bucket(userId, InteractionShards.Count))
            .ReplaceRowAsync(new InteractionRow { UserId = userId, ProductIds = productIds, Weights = weights });
    }
}
