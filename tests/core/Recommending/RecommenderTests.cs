using System.Diagnostics.CodeAnalysis;
using Reco.Core.Als;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Core.Recommending;

namespace Reco.Core.Tests.Recommending;

public sealed class RecommenderTests
{
    private const int Purchase = 3;
    private static readonly FoldInParameters Parameters = new(0.1, 0.05, 1, new ConfidenceFunction(ConfidenceShape.Linear, 1, 1));

    /// <summary>Two tastes: a* along the first factor, b* along the second.</summary>
    private static readonly ServingModel Model = new(
        7,
        ["a1", "a2", "a3", "b1", "b2"],
        new ItemFactors(
            5, 8, [1, 0, 0, 0, 0, 0, 0, 0, .9f, .1f, 0, 0, 0, 0, 0, 0, .8f, 0, .1f, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, .9f, 0, 0, 0, 0, 0, 0], Parameters));

    [Fact]
    public void Recommend_HistoryOfOneTaste_RanksThatTasteFirst()
    {
        var items = new Recommender(Shop()).Recommend(Model, [new HistoryItem("a1", 5, Purchase)], Without("a1"), 2);

        Assert.Equal(["a2", "a3"], items.Select(i => i.ProductId));
        Assert.Equal("a2 name", items[0].Product!.Name);
    }

    [Fact]
    public void Recommend_EveryItem_ContributionsSumToTheScoreLargestFirst()
    {
        HistoryItem[] history = [new("a1", 5, Purchase), new("b1", 1, 0), new("a3", 2, 0)];

        var items = new Recommender(Shop()).Recommend(Model, history, new RecommendationFilter(), 5, explain: true);

        Assert.NotEmpty(items);
        Assert.All(items, item =>
        {
            Assert.Equal(3, item.Contributions.Count);
            Assert.Equal(item.Score, item.Contributions.Sum(c => c.Value), 1e-4);
            Assert.Equal(item.Contributions.OrderByDescending(c => c.Value), item.Contributions);
        });
    }

    [Fact]
    public void Recommend_NotExplained_HasTheLargestContributionAlone()
    {
        HistoryItem[] history = [new("b1", 1, 0), new("a1", 5, Purchase), new("a3", 2, 0)];
        var recommender = new Recommender(Shop());

        var explained = recommender.Recommend(Model, history, new RecommendationFilter(), 5, explain: true);
        var items = recommender.Recommend(Model, history, new RecommendationFilter(), 5);

        Assert.Equal(explained.Select(item => (item.ProductId, item.Score)), items.Select(item => (item.ProductId, item.Score)));
        Assert.Equal(explained.Select(item => item.Contributions[0]), items.Select(item => Assert.Single(item.Contributions)));
    }

    [Fact]
    public void Recommend_HistoryThatTheModelDoesNotKnow_IsEmpty() =>
        Assert.Empty(new Recommender(Shop()).Recommend(Model, [new HistoryItem("new", 1, 0)], new RecommendationFilter(), 5));

    [Fact]
    public void Recommend_PriceAndCategory_AreKept()
    {
        HistoryItem[] history = [new("a1", 1, 0), new("b1", 1, 0)];
        var recommender = new Recommender(Shop());

        Assert.Equal(
            ["b1", "b2"],
            recommender.Recommend(Model, history, new RecommendationFilter { Category = "B" }, 5).Select(i => i.ProductId).Order());
        Assert.Equal(
            ["a2", "a3"],
            recommender.Recommend(Model, history, new RecommendationFilter { MinPrice = 20, MaxPrice = 30 }, 5).Select(i => i.ProductId).Order());
    }

    [Fact]
    public void Recommend_CatalogueChanges_TheNextAnswerKnows()
    {
        var shop = Shop();
        var recommender = new Recommender(shop);
        HistoryItem[] history = [new("a1", 1, 0)];
        Assert.Contains(recommender.Recommend(Model, history, new RecommendationFilter(), 5), i => i.ProductId == "a2");

        shop.Put(new Product { Id = "a2", Name = "a2 name", Category = "a", Price = 20, Stock = 0 });

        Assert.DoesNotContain(recommender.Recommend(Model, history, new RecommendationFilter(), 5), i => i.ProductId == "a2");
    }

    [Fact]
    public void Allows_ProductOutsideTheCatalogue_OnlyWithoutPriceAndCategory()
    {
        Assert.True(new RecommendationFilter().Allows("x", null));
        Assert.False(new RecommendationFilter { Category = "a" }.Allows("x", null));
        Assert.False(new RecommendationFilter { MinPrice = 0 }.Allows("x", null));
    }

    [Fact]
    public void Similar_KnownProduct_GivesTheNearestWithoutItself()
    {
        var similar = new Recommender(Shop()).Similar(Model, "b1", 1);

        Assert.Equal("b2", Assert.Single(similar).ProductId);
        Assert.Empty(new Recommender(Shop()).Similar(Model, "new", 5));
    }

    [Fact]
    public void SessionHistory_LastLook_WeighsMostAndRepeatsAddUp()
    {
        var history = SessionHistory.Of(["a", "b", "a"], 1, 0).ToDictionary(i => i.ProductId, i => i.Weight);

        Assert.Equal(2, history.Count);
        Assert.Equal(1.64f, history["a"], 1e-5f);
        Assert.Equal(0.8f, history["b"], 1e-5f);
    }

    [Fact]
    public void ServingModelCodec_RoundTrip_IsExact()
    {
        var again = ServingModelCodec.Decode(ServingModelCodec.Encode(Model));

        Assert.Equal(Model.Version, again.Version);
        Assert.Equal(Model.ProductIds, again.ProductIds);
        Assert.Equal(Model.Items.Values.ToArray(), again.Items.Values.ToArray());
        Assert.Equal(Parameters, again.Items.Parameters);
    }

    [Fact]
    public void ServingModelCodec_CutAnywhere_SaysSo()
    {
        var bytes = ServingModelCodec.Encode(Model);

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => ServingModelCodec.Decode(bytes[..length]));
        }

        Assert.Throws<InvalidDataException>(() => ServingModelCodec.Decode([.. bytes, 0]));
    }

    [Fact]
    public void ServingModel_ProductTwice_Throws() =>
        Assert.Throws<ArgumentException>(() => new ServingModel(1, ["a", "a"], new ItemFactors(2, 8, new float[16], Parameters)));

    private static RecommendationFilter Without(params string[] ids) => new() { Excludes = ids.Contains };

    private static FakeShop Shop()
    {
        var shop = new FakeShop();
        foreach (var (id, price) in new[] { ("a1", 10), ("a2", 20), ("a3", 30), ("b1", 40), ("b2", 50) })
        {
            shop.Put(new Product { Id = id, Name = $"{id} name", Category = id[..1], Price = price });
        }

        return shop;
    }

    private sealed class FakeShop : ICatalogue
    {
        private readonly Dictionary<string, Product> _products = [];

        public long Version { get; private set; }

        public IReadOnlyList<Product> Products => [.. _products.Values];

        public void Put(Product product)
        {
            _products[product.Id] = product;
            Version++;
        }

        public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _products.TryGetValue(productId, out product);

        public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
