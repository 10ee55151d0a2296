using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Catalogue;

public sealed class EmbeddedCatalogueTests : IDisposable
{
    private readonly MemoryStateStore _store = new();
    private readonly EmbeddedSearchIndex _search = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _search.Dispose();

    [Fact]
    public async Task Load_SeedProducts_FillsCatalogueAndSearchAndStoresNothing()
    {
        using var catalogue = await LoadAsync(seedProducts: 1000);
        Assert.Equal(SeededCatalogue.Generate(), catalogue.Products);
        Assert.True(catalogue.TryGet("product_0042", out var product));
        Assert.Equal("product_0042", product.Id);
        Assert.Equal(1000, _search.Count);
        Assert.Equal(0, _store.Writes);
    }

    [Fact]
    public async Task Load_NoSeeds_IsEmpty()
    {
        using var catalogue = await LoadAsync();
        Assert.Empty(catalogue.Products);
        Assert.False(catalogue.TryGet("product_0001", out _));
    }

    [Fact]
    public async Task Load_Again_ChangesNothing()
    {
        using var catalogue = await LoadAsync(seedProducts: 10);
        var version = catalogue.Version;
        await catalogue.LoadAsync(Token);
        Assert.Equal(version, catalogue.Version);
    }

    [Fact]
    public async Task Upsert_Products_AreThereFoundAndSurviveARestart()
    {
        var kettle = Make("kettle", "Blue Kettle") with { Brand = "Café & Co", Price = 19.9900m, Stock = 0 };
        using (var catalogue = await LoadAsync(seedProducts: 3))
        {
            var version = catalogue.Version;
            await catalogue.UpsertAsync([kettle, Make("product_0001", "Renamed 이어폰")], Token);
            Assert.True(catalogue.Version > version);
            Assert.Equal(["kettle", "product_0001", "product_0002", "product_0003"], catalogue.Products.Select(p => p.Id));
            Assert.Equal(1, (await _search.SearchAsync(new SearchQuery { Text = "kettle" }, Token)).Total);
        }

        using var search = new EmbeddedSearchIndex();
        using var restarted = await LoadAsync(seedProducts: 3, search);
        Assert.Equal(4, restarted.Products.Count);
        Assert.True(restarted.TryGet("kettle", out var stored));
        Assert.Equal(kettle, stored);
        Assert.True(restarted.TryGet("product_0001", out var renamed));
        Assert.Equal("Renamed 이어폰", renamed.Name);
        Assert.Equal(1, (await search.SearchAsync(new SearchQuery { Text = "renamed" }, Token)).Total);
    }

    [Fact]
    public async Task Upsert_AWholeRetailCatalogue_CostsFewWrites()
    {
        using var catalogue = await LoadAsync();
        await catalogue.UpsertAsync(SeededCatalogue.Generate(3_700), Token);
        Assert.InRange(_store.Writes, 1, 40);

        var before = _store.Writes;
        await catalogue.UpsertAsync([Make("one", "One")], Token);
        Assert.Equal(before + 1, _store.Writes);
        Assert.Equal(3_701, catalogue.Products.Count);
    }

    [Fact]
    public async Task Upsert_SameIdTwiceInABatch_TheLastCounts()
    {
        using var catalogue = await LoadAsync();
        await catalogue.UpsertAsync([Make("a", "First"), Make("a", "Second")], Token);
        Assert.Equal("Second", Assert.Single(catalogue.Products).Name);
        Assert.Equal("Second", Assert.Single((await _search.SearchAsync(new SearchQuery(), Token)).Items).Product.Name);
    }

    [Fact]
    public async Task Products_TakenBeforeAnUpsert_DoNotChange()
    {
        using var catalogue = await LoadAsync(seedProducts: 5);
        var before = catalogue.Products;
        await catalogue.UpsertAsync([Make("a", "New")], Token);
        Assert.Equal(5, before.Count);
        Assert.Equal(6, catalogue.Products.Count);
    }

    [Fact]
    public async Task Upsert_OneBrokenProduct_TakesNone()
    {
        using var catalogue = await LoadAsync();
        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await catalogue.UpsertAsync([Make("good", "Good"), Make("bad", "") with { Price = -1 }], Token));
        Assert.Contains("'bad'", error.Message, StringComparison.Ordinal);
        Assert.Contains("name: must not be blank", error.Message, StringComparison.Ordinal);
        Assert.Empty(catalogue.Products);
        Assert.Equal(0, _store.Writes);
    }

    [Fact]
    public async Task Upsert_BeforeLoad_ThrowsAndWritesNothing()
    {
        using var catalogue = Create(0, _search);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await catalogue.UpsertAsync([Make("a", "A")], Token));
        Assert.Equal(0, _store.Writes);
    }

    [Fact]
    public async Task Upsert_StoreFails_ChangesNothingInMemoryAndCanBeRepeated()
    {
        using var catalogue = await LoadAsync();
        await catalogue.UpsertAsync([Make("old", "Old")], Token);
        var version = catalogue.Version;
        var products = SeededCatalogue.Generate(100);

        _store.Fails = key => key.EndsWith('7');
        await Assert.ThrowsAsync<IOException>(async () => await catalogue.UpsertAsync(products, Token));
        Assert.Equal(version, catalogue.Version);
        Assert.Single(catalogue.Products);

        _store.Fails = _ => false;
        await catalogue.UpsertAsync(products, Token);
        using var search = new EmbeddedSearchIndex();
        using var restarted = await LoadAsync(search: search);
        Assert.Equal(101, restarted.Products.Count);
    }

    [Fact]
    public async Task Upsert_ManyAtOnce_LosesNone()
    {
        using var catalogue = await LoadAsync();
        var products = SeededCatalogue.Generate(200);
        await Task.WhenAll(products.Select(product => Task.Run(async () => await catalogue.UpsertAsync([product], Token), Token)));
        Assert.Equal(products, catalogue.Products);

        using var search = new EmbeddedSearchIndex();
        using var restarted = await LoadAsync(search: search);
        Assert.Equal(products, restarted.Products);
        Assert.Equal(200, search.Count);
    }

    [Theory]
    [InlineData("{\"format\":1,\"products\":[{\"id\":\"a\"", "damaged")]
    [InlineData("{\"format\":1,\"products\":[{\"id\":\"a\"}]}", "damaged")]
    [InlineData("{\"format\":1,\"products\":[{\"id\":\"a\",\"name\":\"\",\"category\":\"c\",\"price\":1}]}", "name: must not be blank")]
    [InlineData("{\"format\":1,\"products\":[null]}", "format")]
    [InlineData("{\"format\":2,\"products\":[]}", "format 2")]
    [InlineData("null", "format")]
    public async Task Load_DamagedChunk_SaysWhich(string stored, string expected)
    {
        await _store.WriteAsync("catalogue/05", Encoding.UTF8.GetBytes(stored), Token);
        using var catalogue = Create(0, _search);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => catalogue.LoadAsync(Token));
        Assert.Contains("catalogue/05", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private async Task<EmbeddedCatalogue> LoadAsync(int seedProducts = 0, EmbeddedSearchIndex? search = null)
    {
        var catalogue = Create(seedProducts, search ?? _search);
        await catalogue.LoadAsync(Token);
        return catalogue;
    }

    private EmbeddedCatalogue Create(int seedProducts, EmbeddedSearchIndex search) => new(
        _store, search, Options.Create(new CatalogueOptions { SeedProducts = seedProducts }), NullLogger<EmbeddedCatalogue>.Instance);

    private static Product Make(string id, string name) => new() { Id = id, Name = name, Category = "Home", Price = 10 };
}
