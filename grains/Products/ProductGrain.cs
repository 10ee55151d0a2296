using Microsoft.Extensions.Logging;
using Reco.Core.Ports;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Grains.State;
using Reco.Grains.Statistics;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Grains.Products;

/// <summary>One product.</summary>
public sealed class ProductGrain(
    [PersistentState("product", GrainStorageNames.Grains)] IPersistentState<EncodedState> state,
    ProfileRules rules,
    IStreamClock clock,
    ModelHolder models,
    Recommender recommender,
    ILogger<ProductGrain> logger)
    : CheckpointedGrain<ProductProfile>(state, new ProductProfile(), logger), IProductGrain
{
    protected override PartitionOffsets Offsets => Profile.Offsets;

    public Task<ApplyOutcome> ApplyAsync(ProductSlice slice) => Task.FromResult(Apply(slice));

    public Task<ApplyOutcome[]> ApplyAllAsync(ProductSlice[] slices) => Task.FromResult(Array.ConvertAll(slices, Apply));

    public Task<ProductStats?> GetStatsAsync()
    {
        ThrowIfQuarantined();
        if (Profile.Totals.Events == 0)
        {
            return Task.FromResult<ProductStats?>(null);
        }

        var nowMs = clock.NowMs;
        return Task.FromResult<ProductStats?>(new ProductStats
        {
            ProductId = this.GetPrimaryKeyString(),
            Totals = EventCounts.From(Profile.Totals.Counts),
            Revenue = Profile.Totals.Revenue,
            Window = WindowMapping.Describe(Profile.Window.Read(rules.ProductWindow, nowMs)),
            LateEvents = Profile.Totals.Late,
            LastEventAt = DateTimeOffset.FromUnixTimeMilliseconds(Profile.Totals.LastEventMs),
            Popularity = Profile.Popularity.ValueAt(nowMs, rules.PopularityHalfLifeMs),
        });
    }

    public Task<SimilarProducts> GetSimilarAsync(int limit)
    {
        var model = models.Current;
        return Task.FromResult(new SimilarProducts
        {
            ModelVersion = model?.Version ?? 0,
            Items = model is null
                ? []
                : [.. recommender.Similar(model, this.GetPrimaryKeyString(), limit).Select(near => new RankedProduct
                {
                    ProductId = near.ProductId,
                    Name = near.Product?.Name ?? near.ProductId,
                    Category = near.Product?.Category,
                    Price = near.Product?.Price,
                    Score = near.Similarity,
                })],
        });
    }

    private ApplyOutcome Apply(ProductSlice slice)
    {
        clock.Advance(slice.StreamTimeMs);
        if (RefusalOf(slice.Partition, slice.After) is { } refusal)
        {
            return refusal;
        }

        foreach (ref readonly var item in slice.Events.AsSpan())
        {
            var applied = Profile.Apply(
                new ProductProfileEvent
                {
                    Partition = slice.Partition,
                    Offset = item.Offset,
                    Kind = (int)item.Type,
                    TimeMs = item.TimestampMs,
                    UserHash = StableHash.Of(item.UserId),
                    Weight = EventTypes.Weight(item.Type),
                    Revenue = item.Revenue,
                    Late = item.Late,
                },
                rules);
            if (applied)
            {
                MarkChanged();
            }
        }

        return ApplyOutcome.Applied;
    }

    protected override ProductProfile Decode(byte[] bytes) => ProductProfile.Decode(bytes);

    protected override byte[] Encode() => Profile.Encode();

    /// <summary>The trending row, which replaces the older one; none while no event has named the product.</summary>
    protected override Task ReportAsync()
    {
        if (Profile.Totals.Events == 0)
        {
            return Task.CompletedTask;
        }

        var row = Profile.Report(this.GetPrimaryKeyString(), rules);
        return GrainFactory.GetGrain<ITrendingGrain>(0).ReportAsync(new ProductReport
        {
            ProductId = row.ProductId,
            ReferenceTimeMs = row.ReferenceTimeMs,
            Short = row.Short,
            Long = row.Long,
            Popularity = row.Popularity,
            Totals = EventCounts.From(row.Counts),
            Revenue = row.Revenue,
        });
    }
}
