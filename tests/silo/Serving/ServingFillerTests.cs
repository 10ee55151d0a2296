using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Reco.Adapters.Embedded.Cache;
using Reco.Core.Als;
using Reco.Core.Catalogue;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Recommending;
using Reco.Core.Serving;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Silo.Serving;
using Reco.Testing;
using Settings = Microsoft.Extensions.Options.Options;

namespace Reco.Silo.Tests.Serving;

public sealed class ServingFillerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly ServingFillOptions _options = new() { UsersPerSecondMax = 10, CategoriesPerRound = 2 };
    private readonly Shelf _catalogue = new();
    private readonly ModelHolder _models = new();
    private readonly FakeShop _shop = new();
    private readonly StreamClock _clock;
    private readonly SwitchedCache _cache;
    private readonly UserActivity _activity;
    private readonly ServingFillMetrics _metrics;
    private readonly ServingFiller _filler;

    public ServingFillerTests()
    {
        _clock = new StreamClock(_time);
        _cache = new SwitchedCache(new EmbeddedServingCache(new ServingCacheOptions(), _time));
        _activity = new UserActivity(Settings.Create(_options));
        _metrics = new ServingFillMetrics(_activity);
        _filler = new ServingFiller(
            _cache, _shop, _activity, _models, _clock, _catalogue, _metrics, Settings.Create(_options), Settings.Create(new ServingCacheOptions()),
            Settings.Create(new WindowOptions()), _time, NullLogger<ServingFiller>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public async Task Round_UsersWithEvents_HaveBothDocuments()
    {
        _activity.Saw(["u-1", "u-2"], _clock.NowMs);
        await RoundAsync();

        foreach (var user in (string[])["u-1", "u-2"])
        {
            var recommendations = await DocumentAsync(ServingKeys.Recommendations(user));
            Assert.Equal((user, 4, $"r-{user}"), (Text(recommendations, "user_id"), recommendations.GetProperty("model_version").GetInt32(), Text(recommendations, "revision")));
            Assert.Equal(_time.GetUtcNow(), recommendations.GetProperty("generated_at").GetDateTimeOffset());
            var stats = await DocumentAsync(ServingKeys.UserStats(user));
            Assert.Equal((user, 4), (Text(stats, "user_id"), stats.GetProperty("model_version").GetInt32()));
            Assert.Equal(2, stats.GetProperty("totals").GetProperty("view").GetInt32());
        }
    }

    [Fact]
    public async Task Round_ManyUsers_ComputesAtMostTheRateInOneWriteARound()
    {
        _activity.Saw([.. Enumerable.Range(0, 35).Select(i => $"u-{i}")], _clock.NowMs);
        for (var round = 1; round <= 4; round++)
        {
            await RoundAsync();
            Assert.Equal(Math.Min(35, round * 10), _shop.Recommended.Count);
            Assert.Equal(Math.Max(0, 35 - (round * 10)), _activity.Due);
        }

        Assert.Equal(35, _metrics.Users);
        Assert.Equal(4, _cache.Writes.Count(write => write.Rankings.Count == 0));
    }

    [Fact]
    public async Task Round_ALongPauseBefore_DoesNotSaveUpTheRate()
    {
        _activity.Saw([.. Enumerable.Range(0, 100).Select(i => $"u-{i}")], _clock.NowMs);
        await _filler.RoundAsync(TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(20, _shop.Recommended.Count);
    }

    /// <summary>A quarter of a second for users who take a tenth each: 2.5 of them, in turns.</summary>
    [Fact]
    public async Task Round_UsersTakeLong_HasAsManyAsItsShareOfTheTimeAllows()
    {
        _options.TimeShareMax = 0.25;
        _shop.Computing = () => _time.Advance(TimeSpan.FromMilliseconds(100));
        _activity.Saw([.. Enumerable.Range(0, 100).Select(i => $"u-{i}")], _clock.NowMs);
        var computed = new List<int>();
        for (var round = 0; round < 5; round++)
        {
            _shop.Recommended.Clear();
            await RoundAsync();
            computed.Add(_shop.Recommended.Count);
        }

        Assert.Equal([10, 2, 3, 2, 3], computed);
    }

    [Fact]
    public async Task Round_NewModel_MakesTheUsersOfTheWindowDueAndNoOthers()
    {
        _activity.Saw(["gone"], _clock.NowMs - (long)new WindowOptions().Length.TotalMilliseconds - 1);
        _activity.Saw(["here"], _clock.NowMs);
        await RoundAsync();
        _shop.Recommended.Clear();
        await RoundAsync();
        Assert.Empty(_shop.Recommended);

        _models.Offer(new ServingModel(5, ["p"], new ItemFactors(1, 8, new float[8], FoldInParameters.From(new AlsOptions()))));
        await RoundAsync();
        Assert.Equal(["here"], _shop.Recommended);
    }

    [Fact]
    public async Task Round_CacheAway_ComputesNothingAndRebuildsWhenItIsBack()
    {
        _activity.Saw(["u-1", "u-2"], _clock.NowMs);
        await RoundAsync();
        _shop.Recommended.Clear();
        _shop.Asked.Clear();

        _cache.IsAvailable = false;
        _activity.Saw(["u-3"], _clock.NowMs);
        _time.Advance(TimeSpan.FromMinutes(1));
        await RoundAsync();
        Assert.Empty(_shop.Recommended);
        Assert.Empty(_shop.Asked);

        // As after a restart of Redis: nothing is left.
        _cache.Empty(new EmbeddedServingCache(new ServingCacheOptions(), _time));
        await RoundAsync();
        Assert.Equal(["u-1", "u-2", "u-3"], _shop.Recommended.Order());
        Assert.NotNull(await _cache.ReadAsync(ServingKeys.Recommendations("u-1"), Cancel));
        Assert.NotNull(await _cache.ReadAsync(ServingKeys.TrendingSnapshot(), Cancel));
    }

    [Fact]
    public async Task Round_CacheRefuses_GoesOnInTheNextRound()
    {
        _cache.Failure = new ServingCacheException("Redis answers: OOM.");
        _activity.Saw(["u-1"], _clock.NowMs);
        await RoundAsync();
        _cache.Failure = null;
        await RoundAsync();
        Assert.NotNull(await _cache.ReadAsync(ServingKeys.Recommendations("u-1"), Cancel));
    }

    [Fact]
    public async Task Round_OneGrainFails_TheOthersAreWritten()
    {
        _shop.Poisoned = "u-2";
        _activity.Saw(["u-1", "u-2", "u-3"], _clock.NowMs);
        await RoundAsync();
        Assert.NotNull(await _cache.ReadAsync(ServingKeys.Recommendations("u-3"), Cancel));
        Assert.Null(await _cache.ReadAsync(ServingKeys.Recommendations("u-2"), Cancel));
    }

    [Fact]
    public async Task Round_Rankings_AreWrittenEveryFewSecondsAndCategoriesInTurn()
    {
        _catalogue.Put("a", "Toys");
        _catalogue.Put("b", "toys");
        _catalogue.Put("c", "Home");
        _catalogue.Put("d", "Books");
        await RoundAsync();
        Assert.Equal((string?[])[null, "Books", "Home"], AskedCategories());
        await RoundAsync();
        Assert.Empty(AskedCategories());

        _time.Advance(TimeSpan.FromSeconds(5));
        await RoundAsync();
        Assert.Equal((string?[])[null, "Toys", "Books"], AskedCategories());

        var trending = await _cache.ReadRankingAsync(ServingKeys.Trending("Toys"), 10, Cancel);
        Assert.Equal([new RankedMember("Trending Toys 1", 2.5), new RankedMember("Trending Toys 2", 1)], trending);
        var snapshot = await DocumentAsync(ServingKeys.PopularSnapshot());
        Assert.Equal(JsonValueKind.Null, snapshot.GetProperty("category").ValueKind);
        Assert.Equal("Popular  1", Text(snapshot.GetProperty("items")[0], "product_id"));
        Assert.Equal(0, snapshot.GetProperty("model_version").GetInt32());
    }

    private IEnumerable<string?> AskedCategories()
    {
        var asked = _shop.Asked.Where(query => query.Kind == TopKind.Trending).Select(query => query.Category).ToArray();
        _shop.Asked.Clear();
        return asked;
    }

    private Task RoundAsync() => _filler.RoundAsync(Second, Cancel);

    private async Task<JsonElement> DocumentAsync(string key) =>
        JsonDocument.Parse(Encoding.UTF8.GetString((await _cache.ReadAsync(key, Cancel))!.Value.Span)).RootElement;

    private static string? Text(JsonElement json, string property) => json.GetProperty(property).GetString();

    /// <summary>The cache in memory, which can go away and come back empty.</summary>
    private sealed class SwitchedCache(IServingCache inner) : IServingCache
    {
        private IServingCache _inner = inner;

        public bool IsAvailable { get; set; } = true;

        public string? Problem => Failure?.Message;

        public long Generation { get; private set; } = 1;

        public ServingCacheException? Failure { get; set; }

        public List<ServingWrites> Writes { get; } = [];

        public void Empty(IServingCache other)
        {
            _inner = other;
            Generation++;
            IsAvailable = true;
        }

        public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellationToken) => _inner.ReadAsync(key, cancellationToken);

        public ValueTask<IReadOnlyList<RankedMember>> ReadRankingAsync(string key, int limit, CancellationToken cancellationToken) =>
            _inner.ReadRankingAsync(key, limit, cancellationToken);

        public ValueTask WriteAsync(ServingWrites writes, CancellationToken cancellationToken)
        {
            Writes.Add(writes);
            return Failure is null ? _inner.WriteAsync(writes, cancellationToken) : throw Failure;
        }
    }

    private sealed class Shelf : ICatalogue
    {
        private readonly List<Product> _products = [];

        public long Version => _products.Count;

        public IReadOnlyList<Product> Products => _products;

        public void Put(string id, string category) => _products.Add(new Product { Id = id, Name = id, Category = category, Price = 1, Stock = 1 });

        public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) =>
            (product = _products.Find(p => p.Id == productId)) is not null;

        public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class FakeShop : IGrainFactory
    {
        public ConcurrentQueue<string> Recommended { get; } = new();

        public ConcurrentQueue<TopQuery> Asked { get; } = new();

        public string? Poisoned { get; set; }

        public Action Computing { get; set; } = () => { };

        public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey => (TGrainInterface)(object)new User(this, primaryKey);

        public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)(object)new Board(this);

        private sealed class User(FakeShop shop, string userId) : IUserGrain
        {
            public Task<ApplyOutcome> ApplyAsync(UserSlice slice) => throw new NotSupportedException();

            public Task<bool> FlushAsync(int partition, long expectedOffset) => throw new NotSupportedException();

            public Task<UserStats?> GetStatsAsync() => Task.FromResult<UserStats?>(new UserStats
            {
                UserId = userId,
                Totals = new EventCounts { View = 2 },
                Revenue = 0,
                Window = new WindowStats { Start = DateTimeOffset.UnixEpoch, End = DateTimeOffset.UnixEpoch, Counts = default, Revenue = 0 },
                LateEvents = 0,
                HistoryItems = 1,
                LastEventAt = DateTimeOffset.UnixEpoch,
            });

            public Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query)
            {
                if (userId == shop.Poisoned)
                {
                    throw new InvalidDataException("poisoned");
                }

                shop.Computing();
                shop.Recommended.Enqueue(userId);
                return Task.FromResult(new RecommendationAnswer { ModelVersion = 4, Items = [], Revision = $"r-{userId}" });
            }
        }

        private sealed class Board(FakeShop shop) : ITrendingGrain
        {
            public Task ReportAsync(ProductReport report) => throw new NotSupportedException();

            public Task FlushAsync() => throw new NotSupportedException();

            public Task<RankedProduct[]> GetTopAsync(TopQuery query)
            {
                shop.Asked.Enqueue(query);
                return Task.FromResult<RankedProduct[]>(
                [
                    new() { ProductId = $"{query.Kind} {query.Category} 1", Name = "one", Score = 2.5 },
                    new() { ProductId = $"{query.Kind} {query.Category} 2", Name = "two", Score = 1 },
                ]);
            }

            public Task<ShopStats> GetShopStatsAsync() => throw new NotSupportedException();
        }
    }
}
