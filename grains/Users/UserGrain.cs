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
public sealed partial class UserGrain(
    [PersistentState("user", GrainStorageNames.Grains)] IPersistentState<EncodedState> state,
    ProfileRules rules,
    IStreamClock clock,
    RecommendationService recommendations,
    ILogger<UserGrain> logger)
    : Grain, IUserGrain
{
    private UserProfile _profile = new();
    private bool _dirty;
    private bool _reported;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
        {
            _profile = UserProfile.Decode(state.State.Bytes);
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await SaveAsync();
        }
        catch (Exception failure)
        {
            // The activation goes all the same. What it knew is still in the log: the next slice or flush finds it missing and rewinds.
            LogNotSaved(failure, this.GetPrimaryKeyString());
        }
    }

    public Task<ApplyOutcome> ApplyAsync(UserSlice slice)
    {
        clock.Advance(slice.StreamTimeMs);
        if (_profile.Offsets.IsNew(slice.Partition, slice.After))
        {
            return Task.FromResult(ApplyOutcome.MemoryLost);
        }

        foreach (ref readonly var item in slice.Events.AsSpan())
        {
            _dirty |= _profile.Apply(
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
        }

        return Task.FromResult(ApplyOutcome.Applied);
    }

    public async Task<bool> FlushAsync(int partition, long expectedOffset)
    {
        if (_profile.Offsets.IsNew(partition, expectedOffset))
        {
            return false;
        }

        await SaveAsync();
        return true;
    }

    public Task<UserStats?> GetStatsAsync()
    {
        if (_profile.Totals.Events == 0)
        {
            return Task.FromResult<UserStats?>(null);
        }

        return Task.FromResult<UserStats?>(new UserStats
        {
            UserId = this.GetPrimaryKeyString(),
            Totals = EventCounts.From(_profile.Totals.Counts),
            Revenue = _profile.Totals.Revenue,
            Window = WindowMapping.Describe(_profile.Window.Read(rules.UserWindow, clock.NowMs)),
            LateEvents = _profile.Totals.Late,
            HistoryItems = _profile.History.Entries.Count,
            LastEventAt = DateTimeOffset.FromUnixTimeMilliseconds(_profile.Totals.LastEventMs),
        });
    }

    public Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query)
    {
        var history = _profile.History;
        HistoryItem[] items = [.. history.Entries.Select(entry => new HistoryItem(entry.ProductId, entry.Weight, entry.StrongestKind))];
        return recommendations.RecommendAsync(GrainFactory, items, IsLeftOut, query);

        bool IsLeftOut(string productId) => history.HasPurchased(productId)
            ? query.ExcludePurchased
            : query.ExcludeSeen && history.TryGet(productId, out _);
    }

    /// <summary>
    /// State and training row. The row goes out once for each activation even if nothing is new: the one that the shard has may be older than the
    /// state, when a crash came between the two.
    /// </summary>
    private async Task SaveAsync()
    {
        if (_dirty)
        {
            state.State.Bytes = _profile.Encode();
            await state.WriteStateAsync();
            _dirty = false;
            _reported = false;
        }

        if (!_reported)
        {
            var (productIds, weights) = _profile.History.Row();
            var shard = StableHash.Bucket(this.GetPrimaryKeyString(), InteractionShards.Count);
            await GrainFactory.GetGrain<IInteractionShardGrain>(shard).ReplaceRowAsync(
                new InteractionRow { UserId = this.GetPrimaryKeyString(), ProductIds = productIds, Weights = weights });
            _reported = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "User {UserId} could not be saved at deactivation; its partition will be replayed")]
    private partial void LogNotSaved(Exception failure, string userId);
}
