using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>What every <see cref="ISearchIndex"/> does. Each test starts with an empty index.</summary>
public abstract class SearchIndexContract
{
    private static readonly Product[] Shop =
    [
        Make("p01", "Norvik Nova 5G Phone, Graphite", "Electronics", "Norvik", 499),
        Make("p02", "Norvik Slim Phone Case, Black", "Electronics", "Norvik", 19.99m),
        Make("p03", "Halden Wireless Headphones, Silver", "Electronics", "Halden", 129),
        Make("p04", "Halden Fast Phone Charger", "Electronics", "Halden", 25),
        Make("p05", "Café Crème Espresso Machine", "Home & Kitchen", "Casamere", 249),
        Make("p06", "Stoneware Mug, Black", "Home & Kitchen", "Casamere", 11.5m),
        Make("p07", "Waxed Leather Boots, Black", "Fashion", "Marlow", 139),
        Make("p08", "A Distant Harbour: Stories", "Books", "Lantern House", 9.99m),
        Make("p09", "삼성 무선 이어폰", "Electronics", "Hanbit", 89),
        Make("p10", "무선 충전기", "Electronics", "Hanbit", 29),
        Make("p11", "Ångström Desk Lamp", "Home & Kitchen", "Łódź Works", 54),
        Make("p12", "Trail Running Shoes", "Fashion", "Marlow", 1000),
        Make("p13", "Collected Children's Books", "Books", "Lantern House", 24.99m),
        Make("p14", "Phonebook Holder", "Office", "", 50),
    ];

    private ISearchIndex? _shop;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A new index without products.</summary>
    protected abstract Task<ISearchIndex> CreateAsync();

    [Theory]
    [InlineData("espresso machine", "p05")]
    [InlineData("leather boots", "p07")]
    [InlineData("PHONE CHARGER", "p04")]
    [InlineData("phone halden", "p04")]
    [InlineData("marlow running", "p12")]
    [InlineData("mug", "p06")]
    [InlineData("mugs", "p06")]
    [InlineData("shoe", "p12")]
    [InlineData("story", "p08")]
    [InlineData("cafe creme", "p05")]
    [InlineData("Café", "p05")]
    [InlineData("angstrom", "p11")]
    [InlineData("lodz lamp", "p11")]
    [InlineData("이어폰", "p09")]
    [InlineData("삼성", "p09")]
    [InlineData("충전기", "p10")]
    [InlineData("무선 이어폰", "p09")]
    public async Task Search_WordsOfOneProduct_FindsItFirst(string text, string productId)
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = text });
        Assert.NotEmpty(answer.Items);
        Assert.Equal(productId, answer.Items[0].Product.Id);
        Assert.Equal(Shop.Single(product => product.Id == productId), answer.Items[0].Product);
        Assert.True(answer.Items[0].Score > 0);
    }

    [Theory]
    [InlineData("hedphones", "p03")]
    [InlineData("headphonse", "p03")]
    [InlineData("hheadphones", "p03")]
    [InlineData("headqhones", "p03")]
    [InlineData("esprsso machin", "p05")]
    [InlineData("stonware mug", "p06")]
    [InlineData("lether boots", "p07")]
    public async Task Search_OneTypoInAWord_FindsTheProduct(string text, string productId)
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = text });
        Assert.Equal(productId, answer.Items[0].Product.Id);
    }

    [Fact]
    public async Task Search_LastWordNotFinished_FindsItsCompletions()
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = "wireless head" });
        Assert.Equal(["p03"], Ids(answer));
    }

    [Fact]
    public async Task Search_ExactPrefixAndTypo_AreInThatOrder()
    {
        var index = await CreateAsync();
        await index.UpsertAsync([Make("a", "phonebook", "C"), Make("b", "phone", "C")], Token);
        var both = await index.SearchAsync(new SearchQuery { Text = "phone" }, Token);
        Assert.Equal(["b", "a"], Ids(both));
        var exact = both.Items[0].Score;

        var misspelt = await index.SearchAsync(new SearchQuery { Text = "phoone" }, Token);
        Assert.Equal(["b"], Ids(misspelt));
        Assert.True(misspelt.Items[0].Score < both.Items[1].Score && both.Items[1].Score < exact);
    }

    [Fact]
    public async Task Search_WordInTheName_CountsMoreThanInBrandOrCategory()
    {
        var index = await CreateAsync();
        await index.UpsertAsync(
            [Make("a", "thing one", "lamp", "x"), Make("b", "thing two", "y", "lamp"), Make("c", "lamp three", "y", "x")], Token);
        Assert.Equal(["c", "b", "a"], Ids(await index.SearchAsync(new SearchQuery { Text = "lamp" }, Token)));
    }

    [Fact]
    public async Task Search_SeveralWords_MustAllMatch()
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = "phone black" });
        Assert.Equal(["p02"], Ids(answer));
        Assert.Equal(1, answer.Total);
    }

    [Fact]
    public async Task Search_NoProductHasAllWords_FindsThoseWithMost()
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = "purple espresso machine" });
        Assert.Equal(["p05"], Ids(answer));

        var none = await SearchShopAsync(new SearchQuery { Text = "zzqxj wvkkq" });
        Assert.Equal(0, none.Total);
        Assert.Empty(none.Items);
    }

    [Fact]
    public async Task Search_Category_FiltersWhateverItsCase()
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = "black", Category = "home & KITCHEN" });
        Assert.Equal(["p06"], Ids(answer));
        Assert.Equal(0, (await SearchShopAsync(new SearchQuery { Text = "black", Category = "Nowhere" })).Total);
    }

    [Theory]
    [InlineData(25, 54, new[] { "p04", "p10", "p11", "p14" })]
    [InlineData(1000, 1000, new[] { "p12" })]
    [InlineData(11.5, 19.99, new[] { "p02", "p06" })]
    [InlineData(60, 50, new string[0])]
    public async Task Search_Prices_AreInclusive(double low, double high, string[] productIds)
    {
        var answer = await SearchShopAsync(new SearchQuery { MinPrice = (decimal)low, MaxPrice = (decimal)high });
        Assert.Equal(productIds, Ids(answer).Order());
        Assert.Equal(productIds.Length, answer.Total);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t ")]
    public async Task Search_BlankText_ListsEverythingInAStableOrder(string? text)
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = text, Limit = 100 });
        Assert.Equal(Shop.Select(product => product.Id), Ids(answer));
        Assert.Equal(Shop.Length, answer.Total);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lamp")]
    public async Task Search_Pages_NeitherOverlapNorLeaveAGap(string? text)
    {
        var index = await CreateAsync();
        var products = Enumerable.Range(0, 103).Select(i => Make($"p{i:D3}", i % 3 == 0 ? "lamp" : $"desk lamp {i}", "C")).ToArray();
        await index.UpsertAsync(products, Token);

        var seen = new List<string>();
        for (var offset = 0; offset < 110; offset += 10)
        {
            var page = await index.SearchAsync(new SearchQuery { Text = text, Limit = 10, Offset = offset }, Token);
            Assert.Equal(103, page.Total);
            seen.AddRange(Ids(page));
        }

        Assert.Equal(products.Select(product => product.Id), seen.Order());
        var whole = await index.SearchAsync(new SearchQuery { Text = text, Limit = 100 }, Token);
        Assert.Equal(seen.Take(100), Ids(whole));
        Assert.Equal(whole.Items.OrderByDescending(hit => hit.Score), whole.Items);
    }

    [Fact]
    public async Task Search_Facets_AddUp()
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = "black", Category = "Fashion", MaxPrice = 500 });
        Assert.Equal(1, answer.Total);
        Assert.Equal(
            [new FacetCount("Electronics", 1), new FacetCount("Fashion", 1), new FacetCount("Home & Kitchen", 1)],
            answer.Facets.Categories);
        Assert.Equal([new FacetCount("Marlow", 1)], answer.Facets.Brands);
        Assert.Equal(
            ["0-25", "25-50", "50-100", "100-200", "200-500", "500-1000", "1000+"], answer.Facets.Prices.Select(facet => facet.Value));
        Assert.Equal([0, 0, 0, 1, 0, 0, 0], answer.Facets.Prices.Select(facet => facet.Count));
    }

    [Fact]
    public async Task Search_FacetsOfEverything_AreMostFirstAndOnTheRightSideOfTheBorders()
    {
        var facets = (await SearchShopAsync(new SearchQuery { Limit = 1 })).Facets;
        Assert.Equal(Shop.Length, facets.Categories.Sum(facet => facet.Count));
        Assert.Equal(new FacetCount("Electronics", 6), facets.Categories[0]);
        Assert.Equal(facets.Categories.OrderByDescending(facet => facet.Count), facets.Categories);
        Assert.Equal(Shop.Count(product => product.Brand.Length > 0), facets.Brands.Sum(facet => facet.Count));
        Assert.Equal([4, 2, 3, 2, 2, 0, 1], facets.Prices.Select(facet => facet.Count));
    }

    [Fact]
    public async Task Upsert_KnownId_ReplacesTheProduct()
    {
        var index = await CreateAsync();
        await index.UpsertAsync([Make("a", "red kettle", "C"), Make("b", "blue kettle", "C")], Token);
        await index.UpsertAsync([Make("a", "green teapot", "D", price: 7)], Token);

        Assert.Equal(["b"], Ids(await index.SearchAsync(new SearchQuery { Text = "kettle" }, Token)));
        var found = await index.SearchAsync(new SearchQuery { Text = "teapot" }, Token);
        Assert.Equal(Make("a", "green teapot", "D", price: 7), Assert.Single(found.Items).Product);
        Assert.Equal(2, (await index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Remove_KnownAndUnknownIds_RemovesTheKnown()
    {
        var index = await CreateAsync();
        await index.UpsertAsync([Make("a", "red kettle", "C"), Make("b", "blue kettle", "C")], Token);
        await index.RemoveAsync(["a", "nobody"], Token);
        Assert.Equal(["b"], Ids(await index.SearchAsync(new SearchQuery { Text = "kettle" }, Token)));
        Assert.Equal([new FacetCount("C", 1)], (await index.SearchAsync(new SearchQuery(), Token)).Facets.Categories);
        await index.RemoveAsync(["b"], Token);
        Assert.Equal(0, (await index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Search_EmptyIndex_FindsNothing()
    {
        var index = await CreateAsync();
        await index.UpsertAsync([], Token);
        Assert.Equal(0, (await index.SearchAsync(new SearchQuery { Text = "phone" }, Token)).Total);
        Assert.Equal(0, (await index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    public static TheoryData<string> Hostile =>
    [
        "name:phone", "phone AND NOT case", "phone OR (", "\"unclosed", "phone~2^4", "*", "?", "[a TO z]", "{!lucene}", "phone\\",
        "'; DROP TABLE products; --", "1 OR 1=1", "{\"match_all\":{}}", "<script>alert(1)</script>", "../../etc/passwd", "%00%ff",
        "🎁🎄👩‍👩‍👧", "lone \ud83c surrogate \udc00", "\0\u0001\u200f", "!!! ,,, ...", "ph\u0301\u0301\u0301one",
        "\uff30\uff28\uff2f\uff2e\uff25", "ᄒ", "\uffff\ufffe",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Search_HostileText_IsOnlyText(string text)
    {
        var answer = await SearchShopAsync(new SearchQuery { Text = text });
        Assert.InRange(answer.Total, 0, Shop.Length);
        Assert.Equal(Math.Min(answer.Total, 10), answer.Items.Count);

        // Filters hold whatever the text says.
        var filtered = await SearchShopAsync(new SearchQuery { Text = text, Category = "Books", MaxPrice = 10 });
        Assert.All(filtered.Items, hit => Assert.Equal("p08", hit.Product.Id));
    }

    [Fact]
    public async Task Search_LongestText_IsAnswered()
    {
        var words = string.Join(' ', Enumerable.Range(0, 80).Select(i => $"w{i}"))[..250] + " phone";
        Assert.InRange((await SearchShopAsync(new SearchQuery { Text = words })).Total, 0, Shop.Length);
        Assert.Equal(0, (await SearchShopAsync(new SearchQuery { Text = new string('x', 256) })).Total);
    }

    private async Task<SearchAnswer> SearchShopAsync(SearchQuery query)
    {
        if (_shop is null)
        {
            _shop = await CreateAsync();
            await _shop.UpsertAsync(Shop, Token);
        }

        return await _shop.SearchAsync(query, Token);
    }

    private static IEnumerable<string> Ids(SearchAnswer answer) => answer.Items.Select(hit => hit.Product.Id);

    private static Product Make(string id, string name, string category, string brand = "", decimal price = 10) =>
        new() { Id = id, Name = name, Category = category, Brand = brand, Price = price };
}
