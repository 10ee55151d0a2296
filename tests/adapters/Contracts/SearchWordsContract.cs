using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Contracts;

/// <summary>Which words of a shop's languages meet, in every <see cref="ISearchIndex"/>. Each test starts with an empty index.</summary>
public abstract class SearchWordsContract
{
    private static readonly Product[] Shop =
    [
        Make("w01", "Rechargeable AA Batteries"),
        Make("w02", "Divers Watch, Steel"),
        Make("w03", "Gift Boxes, Set of 3"),
        Make("w04", "Porcelain Dishes"),
        Make("w05", "Women's Rain Jacket"),
        Make("w06", "O'Brien Surfboard"),
        Make("w07", "Crème Brûlée Torch"),
        Make("w08", "Smörgåsbord Platter"),
        Make("w09", "USB-C Cable 2.5m"),
        Make("w10", "Ｗｉｄｅ Ｌｅｎｓ Cap"),
        Make("w11", "노트북 거치대"),
        Make("w12", "노트북 가방"),
        Make("w13", "抹茶スプーン"),
        Make("w14", "Glass Vase"),
        Make("w15", "Тёплый шарф"),
        Make("w16", "Garden_Hose 3.5 cm"),
        Make("w17", "Straße Map of Berlin"),
        Make("w18", "Cookie Jar"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A new index without products.</summary>
    protected abstract Task<ISearchIndex> CreateAsync();

    [Theory]
    [InlineData("battery", "w01")]
    [InlineData("batteries", "w01")]
    [InlineData("watches", "w02")]
    [InlineData("box", "w03")]
    [InlineData("dish", "w04")]
    [InlineData("dishes", "w04")]
    [InlineData("women jacket", "w05")]
    [InlineData("womens jackets", "w05")]
    [InlineData("women’s jacket", "w05")]
    [InlineData("obrien", "w06")]
    [InlineData("o'brien", "w06")]
    [InlineData("creme brulee", "w07")]
    [InlineData("CRÈME", "w07")]
    [InlineData("cre\u0300me bru\u0302le\u0301e", "w07")]
    [InlineData("smorgasbord", "w08")]
    [InlineData("usb cable", "w09")]
    [InlineData("usb-c", "w09")]
    [InlineData("2.5m cable", "w09")]
    [InlineData("wide cap", "w10")]
    [InlineData("ｃａｐ", "w10")]
    [InlineData("거치대", "w11")]
    [InlineData("노트북가방", "w12")]
    [InlineData("노트북 가방", "w12")]
    [InlineData("가방", "w12")]
    [InlineData("抹茶", "w13")]
    [InlineData("スプーン", "w13")]
    [InlineData("glass", "w14")]
    [InlineData("vases", "w14")]
    [InlineData("шарф", "w15")]
    [InlineData("garden hose", "w16")]
    [InlineData("hose 3.5", "w16")]
    [InlineData("strasse", "w17")]
    [InlineData("cookies jar", "w18")]
    [InlineData("cooki", "w18")]
    [InlineData("procelain", "w04")]
    [InlineData("surfbord", "w06")]
    public async Task Search_WordInAnotherForm_FindsTheProductFirst(string text, string productId)
    {
        var index = await ShopAsync();
        var answer = await index.SearchAsync(new SearchQuery { Text = text }, Token);
        Assert.NotEmpty(answer.Items);
        Assert.Equal(productId, answer.Items[0].Product.Id);
    }

    [Theory]
    [InlineData("glas")]
    [InlineData("노")]
    [InlineData("북")]
    public async Task Search_BeginningOrOneCharacter_FindsSomething(string text)
    {
        var index = await ShopAsync();
        Assert.NotEmpty((await index.SearchAsync(new SearchQuery { Text = text }, Token)).Items);
    }

    [Theory]
    [InlineData("bat")]
    [InlineData("vatch steel", "w02")]
    [InlineData("cap")]
    [InlineData("map jar")]
    public async Task Search_ShortWords_AreNotTakenForOthers(string text, string? productId = null)
    {
        // Three letters are completed, never corrected: "bat" finds batteries, not "cat"; of "map jar" no product has both.
        var index = await ShopAsync();
        var found = (await index.SearchAsync(new SearchQuery { Text = text }, Token)).Items.Select(hit => hit.Product.Id).ToArray();
        var expected = text switch { "bat" => ["w01"], "cap" => ["w10"], "map jar" => ["w17", "w18"], _ => new[] { productId! } };
        Assert.Equal(expected, found.Order());
    }

    [Theory]
    [InlineData("porcellein", "porcelain")]
    [InlineData("rechargabel", "rechargeable")]
    [InlineData("PORZELLAIN", "porcelain")]
    [InlineData("zzqxjvk", null)]
    [InlineData("porcellein zzqxjvk", null)]
    [InlineData("porcellein rechargabel", "porcelain rechargeable")]
    [InlineData("jar porcellein", null)]
    [InlineData("porcelain", null)]
    [InlineData("jr", null)]
    public async Task Search_NothingFound_SuggestsWhatMayHaveBeenMeant(string text, string? suggestion)
    {
        var index = await ShopAsync();
        var answer = await index.SearchAsync(new SearchQuery { Text = text }, Token);
        Assert.Equal(suggestion, answer.Suggestion);
        if (suggestion is not null)
        {
            Assert.Equal(0, answer.Total);
            Assert.NotEqual(0, (await index.SearchAsync(new SearchQuery { Text = suggestion }, Token)).Total);
        }
    }

    [Theory]
    [InlineData("porcelain ", 200)]
    [InlineData("x", 1_000)]
    [InlineData("a b c d e f g ", 72)]
    [InlineData("노", 1_000)]
    [InlineData("\u202e\u200fabc ", 150)]
    public async Task Search_ThousandCharacters_IsAnswered(string part, int times)
    {
        var index = await ShopAsync();
        var answer = await index.SearchAsync(new SearchQuery { Text = string.Concat(Enumerable.Repeat(part, times)) }, Token);
        Assert.InRange(answer.Total, 0, Shop.Length);
        Assert.Equal(part == "porcelain ", answer.Items.Any(hit => hit.Product.Id == "w04"));
    }

    [Fact]
    public async Task Search_FilteredToNothing_SuggestsNothing()
    {
        var index = await ShopAsync();
        Assert.Null((await index.SearchAsync(new SearchQuery { Text = "porcelain", Category = "Nowhere" }, Token)).Suggestion);
        Assert.Null((await index.SearchAsync(new SearchQuery { Text = "porcelain", MinPrice = 1_000 }, Token)).Suggestion);
    }

    [Fact]
    public async Task Search_CommonAndRareWord_RankTheRareOneHigher()
    {
        var index = await CreateAsync();
        await index.UpsertAsync(
            [.. Enumerable.Range(0, 20).Select(i => Make($"c{i:D2}", $"Cotton shirt {(char)('a' + i)}x")), Make("r", "Silk shirt"), Make("s", "Cotton scarf")], Token);
        var answer = await index.SearchAsync(new SearchQuery { Text = "velvet silk cotton" }, Token);

        // No velvet, and nothing of silk and cotton: what has one of the two, the rarer first.
        Assert.Equal("r", answer.Items[0].Product.Id);
        Assert.Equal(22, answer.Total);
    }

    [Fact]
    public async Task Search_ShorterNameOfTheSameWord_IsFirst()
    {
        var index = await CreateAsync();
        await index.UpsertAsync([Make("long", "Kettle with thermometer, lid and long handle"), Make("short", "Steel kettle")], Token);
        var answer = await index.SearchAsync(new SearchQuery { Text = "kettle" }, Token);
        Assert.Equal(["short", "long"], answer.Items.Select(hit => hit.Product.Id));
    }

    private async Task<ISearchIndex> ShopAsync()
    {
        var index = await CreateAsync();
        await index.UpsertAsync(Shop, Token);
        return index;
    }

    private static Product Make(string id, string name) => new() { Id = id, Name = name, Category = "Things", Price = 10 };
}
