using System.Collections.Concurrent;
using Orleans;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Hosting;

/// <summary>Grains as tables of answers; a question is recorded, an exception that was set is thrown.</summary>
internal sealed class FakeGrains : IGrainFactory
{
    /// <summary>Thrown by every call, when set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>When set, every call waits for it.</summary>
    public TaskCompletionSource? Held { get; set; }

    public ConcurrentDictionary<string, UserStats> Users { get; } = new();

    public ConcurrentDictionary<string, ProductStats> Products { get; } = new();

    public ConcurrentDictionary<string, SimilarProducts> Similar { get; } = new();

    public RecommendationAnswer Recommendations { get; set; } = new() { ModelVersion = 0, Items = [] };

    public RankedProduct[] Top { get; set; } = [];

    public PopularQuery[] PopularQueries { get; set; } = [];

    public ShopStats Shop { get; set; } = Samples.Shop;

    public ModelStatus Model { get; set; } = Samples.NoModel;

    /// <summary>What was asked, in order: queries and the keys they went to.</summary>
    public ConcurrentQueue<(string Key, object Question)> Asked { get; } = new();

    public T LastAsked<T>() => Asked.Select(asked => asked.Question).OfType<T>().Last();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)(typeof(TGrainInterface) == typeof(IUserGrain) ? new User(this, primaryKey)
            : typeof(TGrainInterface) == typeof(IProductGrain) ? new Product(this, primaryKey)
            : throw new NotSupportedException(typeof(TGrainInterface).Name));

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey
    {
        Assert.Equal(0, primaryKey);
        return (TGrainInterface)(object)(typeof(TGrainInterface) == typeof(ITrendingGrain) ? new Trending(this)
            : typeof(TGrainInterface) == typeof(ISessionGrain) ? new Session(this)
            : typeof(TGrainInterface) == typeof(IAlsGrain) ? new Als(this)
            : typeof(TGrainInterface) == typeof(IPopularQueriesGrain) ? new Queries(this)
            : throw new NotSupportedException(typeof(TGrainInterface).Name));
    }

    private async Task<T> AnswerAsync<T>(string key, object question, Func<T> answer)
    {
        Asked.Enqueue((key, question));
        if (Held is { } held)
        {
            await held.Task;
        }

        return Failure is null ? answer() : throw Failure;
    }

    private sealed class User(FakeGrains all, string key) : IUserGrain
    {
        public Task<ApplyOutcome> ApplyAsync(UserSlice slice) => throw new NotSupportedException();

        public Task<bool> FlushAsync(int partition, long expectedOffset) => throw new NotSupportedException();

        public Task<UserStats?> GetStatsAsync() => all.AnswerAsync(key, "user-stats", () => all.Users.GetValueOrDefault(key));

        public Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query) => all.AnswerAsync(
            key,
            query,
            () => query.UnlessRevision is { } revision && revision == all.Recommendations.Revision
                ? all.Recommendations with { Items = [], Unchanged = true }
                : all.Recommendations);
    }

    private sealed class Product(FakeGrains all, string key) : IProductGrain
    {
        public Task<ApplyOutcome> ApplyAsync(ProductSlice slice) => throw new NotSupportedException();

        public Task<ApplyOutcome[]> ApplyAllAsync(ProductSlice[] slices) => throw new NotSupportedException();

        public Task<bool> FlushAsync(int partition, long expectedOffset) => throw new NotSupportedException();

        public Task<bool[]> FlushAllAsync(PartitionOffset[] expected) => throw new NotSupportedException();

        public Task<ProductStats?> GetStatsAsync() => all.AnswerAsync(key, "product-stats", () => all.Products.GetValueOrDefault(key));

        public Task<SimilarProducts> GetSimilarAsync(int limit) => all.AnswerAsync(
            key, limit, () => all.Similar.GetValueOrDefault(key) ?? new SimilarProducts { ModelVersion = 0, Items = [] });
    }

    private sealed class Trending(FakeGrains all) : ITrendingGrain
    {
        public Task ReportAsync(ProductReport report) => throw new NotSupportedException();

        public Task FlushAsync() => throw new NotSupportedException();

        public Task<RankedProduct[]> GetTopAsync(TopQuery query) => all.AnswerAsync("0", query, () => all.Top);

        public Task<ShopStats> GetShopStatsAsync() => all.AnswerAsync("0", "shop-stats", () => all.Shop);
    }

    private sealed class Session(FakeGrains all) : ISessionGrain
    {
        public Task<RecommendationAnswer> RecommendAsync(SessionQuery query) => all.AnswerAsync("0", query, () => all.Recommendations);
    }

    private sealed class Queries(FakeGrains all) : IPopularQueriesGrain
    {
        public Task ReportAsync(QueryReport report) => throw new NotSupportedException();

        public Task<PopularQuery[]> GetTopAsync(int limit) => all.AnswerAsync("0", limit, () => all.PopularQueries);
    }

    private sealed class Als(FakeGrains all) : IAlsGrain
    {
        public Task<long> StartTrainingAsync(bool force) => all.AnswerAsync("0", force, () => all.Model.LastRun + 1);

        public Task<ModelStatus> GetStatusAsync() => all.AnswerAsync("0", "model-status", () => all.Model);

        public Task<FactorChunk?> GetFactorsAsync(long version, int firstItem, int count) => throw new NotSupportedException();
    }
}
