using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every <see cref="ICatalogue"/> does. Each test starts with an empty shop.</summary>
public abstract class CatalogueContract
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A loaded catalogue over the test's storage, which tells <paramref name="search"/>; again: as after a restart.</summary>
    protected abstract Task<ICatalogue> OpenAsync(ISearchIndex search);

    [Fact]
    public async Task Open_EmptyShop_IsEmpty()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);

        Assert.Empty(catalogue.Products);
        Assert.False(catalogue.TryGet("product_0001", out _));
    }

    [Fact]
    public async Task Upsert_Products_AreThereAndFoundAndSurviveARestart()
    {
        var kettle = Make("kettle", "Blue Kettle") with { Brand = "Café & Co", Price = 19.99m, Stock = 0 };
        using (var search = new EmbeddedSearchIndex())
        {
            var catalogue = await OpenAsync(search);
            var version = catalogue.Version;
            await catalogue.UpsertAsync([kettle, Make("earphones", "Wireless 이어폰"), Make("Zoo", "Zoo"), Make("äpfel", "Äpfel")], Token);

            Assert.True(catalogue.Version > version);
            Assert.Equal(1, (await search.SearchAsync(new SearchQuery { Text = "kettle" }, Token)).Total);
        }

        using var searchAfter = new EmbeddedSearchIndex();
        var restarted = await OpenAsync(searchAfter);
        Assert.Equal(["Zoo", "earphones", "kettle", "äpfel"], restarted.Products.Select(product => product.Id));
        Assert.True(restarted.TryGet("kettle", out var stored));
        Assert.Equal(kettle, stored);
        Assert.Equal(4, searchAfter.Count);
    }

    [Fact]
    public async Task Upsert_KnownProduct_ReplacesEveryField()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);
        await catalogue.UpsertAsync([Make("a", "First")], Token);
        var second = new Product { Id = "a", Name = "Second", Category = "Garden", Brand = "B", Price = 0, Stock = 7 };

        await catalogue.UpsertAsync([second], Token);

        Assert.Equal(second, Assert.Single(catalogue.Products));
        Assert.Equal(second, Assert.Single((await OpenAsync(search)).Products));
        Assert.Equal(0, (await search.SearchAsync(new SearchQuery { Text = "first" }, Token)).Total);
        Assert.Equal("Garden", Assert.Single((await search.SearchAsync(new SearchQuery { Text = "second" }, Token)).Items).Product.Category);
    }

    [Fact]
    public async Task Upsert_SameIdTwiceInABatch_TheLastCounts()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);

        await catalogue.UpsertAsync([Make("a", "First"), Make("a", "Second")], Token);

        Assert.Equal("Second", Assert.Single(catalogue.Products).Name);
        Assert.Equal("Second", Assert.Single((await search.SearchAsync(new SearchQuery(), Token)).Items).Product.Name);
    }

    [Fact]
    public async Task Upsert_Nothing_ChangesNothing()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);
        var version = catalogue.Version;

        await catalogue.UpsertAsync([], Token);

        Assert.Equal(version, catalogue.Version);
    }

    [Fact]
    public async Task Upsert_OneBrokenProduct_TakesNone()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await catalogue.UpsertAsync([Make("good", "Good"), Make("bad", "") with { Price = -1 }], Token));

        Assert.Contains("'bad'", error.Message, StringComparison.Ordinal);
        Assert.Contains("name: must not be blank", error.Message, StringComparison.Ordinal);
        Assert.Empty(catalogue.Products);
        Assert.Empty((await OpenAsync(search)).Products);
    }

    [Fact]
    public async Task Upsert_ProductAtEveryLimit_IsKept()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);
        var extreme = new Product
        {
            Id = new string('ü', ProductRules.IdCharactersMax),
            Name = new string('이', ProductRules.NameCharactersMax),
            Category = "'; DROP TABLE products; --",
            Brand = "\\N \"quoted\" {} 🛒",
            Price = ProductRules.PriceMax,
            Stock = int.MaxValue,
        };

        await catalogue.UpsertAsync([extreme], Token);

        Assert.Equal(extreme, Assert.Single((await OpenAsync(search)).Products));
    }

    [Fact]
    public async Task Products_TakenBeforeAnUpsert_DoNotChange()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);
        await catalogue.UpsertAsync([Make("a", "A")], Token);
        var before = catalogue.Products;

        await catalogue.UpsertAsync([Make("b", "B")], Token);

        Assert.Single(before);
        Assert.Equal(2, catalogue.Products.Count);
    }

    [Fact]
    public async Task Upsert_ManyAtOnce_LosesNone()
    {
        using var search = new EmbeddedSearchIndex();
        var catalogue = await OpenAsync(search);
        var products = SeededCatalogue.Generate(60);

        await Task.WhenAll(products.Select(product => Task.Run(async () => await catalogue.UpsertAsync([product], Token), Token)));

        Assert.Equal(products, catalogue.Products);
        Assert.Equal(60, search.Count);
        Assert.Equal(products, (await OpenAsync(search)).Products);
    }

    protected static Product Make(string id, string name) => new() { Id = id, Name = name, Category = "Home", Price = 10, Stock = 5 };
}
