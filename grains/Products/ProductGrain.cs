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
public sealed partial class ProductGrain(
    [PersistentState("product", GrainStorageNames.Grains)] IPersistentState<EncodedState> state,
    ProfileRules rules,
    IStreamClock clock,
    ModelHolder models,
    Recommender recommender,
    ILogger<ProductGrain> logger)
    : Grain, IProductGrain
{
    private ProductProfile _profile = new();
    private bool _dirty;
    private bool _reported;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
        {
            _profile = ProductProfile.Decode(state.State.Bytes);
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

    public Task<ApplyOutcome> ApplyAsync(ProductSlice slice)
    {
        clock.Advance(slice.StreamTimeMs);
        if (_profile.Offsets.IsNew(slice.Partition, slice.After))
        {
            return Task.FromResult(ApplyOutcome.MemoryLost);
        }

        foreach (ref readonly var item in slice.Events.AsSpan())
        {
            _dirty |= _profile.Apply(
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

    public Task<ProductStats?> GetStatsAsync()
    {
        if (_profile.Totals.Events == 0)
        {
            return Task.FromResult<ProductStats?>(null);
        }

        var nowMs = clock.NowMs;
        return Task.FromResult<ProductStats?>(new ProductStats
        {
            ProductId = this.GetPrimaryKeyString(),
            Totals = EventCounts.From(_profile.Totals.Counts),
            Revenue = _profile.Totals.Revenue,
            Window = WindowMapping.Describe(_profile.Window.Read(rules.ProductWindow, nowMs)),
            LateEvents = _profile.Totals.Late,
            LastEventAt = DateTimeOffset.FromUnixTimeMilliseconds(_profile.Totals.LastEventMs),
            Popularity = _profile.Popularity.ValueAt(nowMs, rules.PopularityHalfLifeMs),
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

    /// <summary>State and trending row; the row goes out once for each activation even if nothing is new, as in UserGrain.</summary>
    private async Task SaveAsync()
    {
        if (_dirty)
        {
            state.State.Bytes = _profile.Encode();
            await state.WriteStateAsync();
            _dirty = false;
            _reported = false;
        }

        if (!_reported && _profile.Totals.Events > 0)
        {
            var row = _profile.Report(this.GetPrimaryKeyString(), rules);
            await GrainFactory.GetGrain<ITrendingGrain>(0).ReportAsync(new ProductReport
            {
                ProductId = row.ProductId,
                ReferenceTimeMs = row.ReferenceTimeMs,
                Short = row.Short,
                Long = row.Long,
                Popularity = row.Popularity,
                Totals = EventCounts.From(row.Counts),
                Revenue = row.Revenue,
            });
            _reported = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Product {ProductId} could not be saved at deactivation; its partitions will be replayed")]
    private partial void LogNotSaved(Exception failure, string productId);
}
