using Orleans;
using Reco.GrainInterfaces;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>A silo's way to the grains; dead once <see cref="IsDead"/> is set, as the silo is.</summary>
internal sealed class GrainClient(GrainModels models) : IGrainFactory
{
    public bool IsDead { get; set; }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        typeof(TGrainInterface) == typeof(IUserGrain) ? (TGrainInterface)(object)new UserReference(this, GrainModels.User(primaryKey))
        : typeof(TGrainInterface) == typeof(IProductGrain) ? (TGrainInterface)(object)new ProductReference(this, GrainModels.Product(primaryKey))
        : throw new NotSupportedException($"ingest has no business with {typeof(TGrainInterface)}");

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        typeof(TGrainInterface) == typeof(IInteractionShardGrain) ? (TGrainInterface)(object)new ShardReference(this, $"shard/{primaryKey}")
        : typeof(TGrainInterface) == typeof(ITrendingGrain) ? (TGrainInterface)(object)new TrendingReference(this)
        : throw new NotSupportedException($"ingest has no business with {typeof(TGrainInterface)}");

    private GrainModels Alive() => IsDead ? throw new InvalidOperationException("the silo is dead") : models;

    private sealed class UserReference(GrainClient client, string name) : IUserGrain
    {
        public Task<ApplyOutcome> ApplyAsync(UserSlice slice) => client.Alive().ApplyAsync(name, slice.Partition, slice.After, [.. slice.Events.Select(
            e => new TakenEvent(slice.Partition, e.Offset, e.Type, e.TimestampMs, e.ProductId, e.Revenue, e.Late))]);

        public Task<bool> FlushAsync(int partition, long expectedOffset) => client.Alive().FlushAsync(name, partition, expectedOffset);

        public Task<UserStats?> GetStatsAsync() => throw new NotSupportedException();

        public Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query) => throw new NotSupportedException();
    }

    private sealed class ProductReference(GrainClient client, string name) : IProductGrain
    {
        public Task<ApplyOutcome> ApplyAsync(ProductSlice slice) => client.Alive().ApplyAsync(name, slice.Partition, slice.After, [.. slice.Events.Select(
            e => new TakenEvent(slice.Partition, e.Offset, e.Type, e.TimestampMs, e.UserId, e.Revenue, e.Late))]);

        public Task<bool> FlushAsync(int partition, long expectedOffset) => client.Alive().FlushAsync(name, partition, expectedOffset);

        public async Task<ApplyOutcome[]> ApplyAllAsync(ProductSlice[] slices)
        {
            var outcomes = new ApplyOutcome[slices.Length];
            for (var i = 0; i < slices.Length; i++)
            {
                outcomes[i] = await ApplyAsync(slices[i]);
            }

            return outcomes;
        }

        public async Task<bool[]> FlushAllAsync(PartitionOffset[] expected)
        {
            var included = new bool[expected.Length];
            for (var i = 0; i < expected.Length; i++)
            {
                included[i] = await FlushAsync(expected[i].Partition, expected[i].Offset);
            }

            return included;
        }

        public Task<ProductStats?> GetStatsAsync() => throw new NotSupportedException();

        public Task<SimilarProducts> GetSimilarAsync(int limit) => throw new NotSupportedException();
    }

    private sealed class ShardReference(GrainClient client, string name) : IInteractionShardGrain
    {
        public Task FlushAsync() => client.Alive().FlushDerivedAsync(name);

        public Task ReplaceRowAsync(InteractionRow row) => throw new NotSupportedException();

        public Task<InteractionRow[]> GetRowsAsync(string? afterUser, int limit) => throw new NotSupportedException();

        public Task<ShardSize> GetSizeAsync() => throw new NotSupportedException();
    }

    private sealed class TrendingReference(GrainClient client) : ITrendingGrain
    {
        public Task FlushAsync() => client.Alive().FlushDerivedAsync("trending");

        public Task ReportAsync(ProductReport report) => throw new NotSupportedException();

        public Task<RankedProduct[]> GetTopAsync(TopQuery query) => throw new NotSupportedException();

        public Task<ShopStats> GetShopStatsAsync() => throw new NotSupportedException();
    }
}
