using FsCheck;
using FsCheck.Fluent;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Search;

/// <summary>Whatever the products, the order they came in and the query, the index answers what <see cref="SearchOracle"/> does.</summary>
public sealed class SearchOracleTests
{
    // Few words, many of them near each other: completions (pho-), plurals, and typos (boots and books, lamp and camp) meet often.
    private static readonly string[] Vocabulary =
    [
        "phone", "phones", "phonebook", "photo", "headphone", "boots", "books", "booth", "lamp", "lamps", "camp", "stamp", "red", "read",
        "café", "dish", "dishes", "x9", "x90", "mug",
    ];

    private static readonly string[] Typos =
    [
        "fone", "phoen", "hphone", "bootz", "lampp", "dsih", "raed", "cafee", "ph", "boo", "l", "zzzz", "x9",
    ];

    private static readonly Gen<string> Words =
        from count in Gen.Choose(0, 5)
        from words in Gen.Elements(Vocabulary).ListOf(count)
        select string.Join(' ', words);

    private static readonly Gen<Product> Products =
        from id in Gen.Choose(0, 24)
        from name in Words
        from brand in Gen.Elements("", "lamp", "Norvik", "Red Dish")
        from category in Gen.Elements("Books", "Camp & Photo", "Home")
        from price in Gen.Choose(0, 6)
        select new Product { Id = $"p{id}", Name = name, Brand = brand, Category = category, Price = price * 10 };

    private static readonly Gen<SearchQuery> Queries =
        from count in Gen.Choose(0, 4)
        from words in Gen.Elements<string>([.. Vocabulary, .. Typos]).ListOf(count)
        from category in Gen.Elements(null, "books", "Home", "None")
        from low in Gen.Elements<int?>(null, 20)
        from high in Gen.Elements<int?>(null, 40)
        from offset in Gen.Elements(0, 0, 3)
        from limit in Gen.Elements(2, 100)
        select new SearchQuery
        {
            Text = string.Join(' ', words),
            Category = category,
            MinPrice = low,
            MaxPrice = high,
            Offset = offset,
            Limit = limit,
        };

    // A batch of products to add or replace, then ids to remove.
    private static readonly Gen<(Product[] Added, string[] Removed)> Steps =
        from added in Products.ArrayOf()
        from removed in Gen.Choose(0, 24).ListOf(3)
        from removes in Gen.Elements(true, false, false)
        select (added, removes ? removed.Select(id => $"p{id}").ToArray() : []);

    [Fact]
    public void Search_AnyProductsAndQuery_IsWhatTheOracleFinds()
    {
        var cases =
            from steps in Steps.ListOf(4)
            from queries in Queries.ListOf(6)
            select (steps, queries);
        Prop.ForAll(cases.ToArbitrary(), pair => CompareAsync(pair.steps, pair.queries))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Distance_OfKnownWords_IsTheTextbooks()
    {
        Assert.Equal(0, SearchOracle.Distance("lamp", "lamp"));
        Assert.Equal(1, SearchOracle.Distance("lamp", "lapm"));
        Assert.Equal(1, SearchOracle.Distance("lamp", "clamp"));
        Assert.Equal(3, SearchOracle.Distance("kitten", "sitting"));
        Assert.Equal(3, SearchOracle.Distance("ca", "abc"));
    }

    private static async Task CompareAsync(IEnumerable<(Product[] Added, string[] Removed)> steps, IEnumerable<SearchQuery> queries)
    {
        using var index = new EmbeddedSearchIndex();
        var products = new Dictionary<string, Product>();
        foreach (var (added, removed) in steps)
        {
            await index.UpsertAsync(added, default);
            await index.RemoveAsync(removed, default);
            Array.ForEach(added, product => products[product.Id] = product);
            Array.ForEach(removed, id => products.Remove(id));
        }

        Assert.Equal(products.Count, index.Count);
        var oracle = new SearchOracle(products.Values);
        foreach (var query in queries)
        {
            CompareAnswers(await index.SearchAsync(query, default), oracle.Search(query), products);
        }
    }

    private static void CompareAnswers(
        SearchAnswer answer,
        (int Total, List<(string Id, double Score)> Items, List<FacetCount> Categories) expected,
        Dictionary<string, Product> products)
    {
        Assert.Equal(expected.Total, answer.Total);
        Assert.Equal(expected.Items.Select(item => item.Score), answer.Items.Select(hit => hit.Score), (a, b) => Math.Abs(a - b) < 1e-9);
        Assert.Equal(expected.Items.Select(item => item.Id), answer.Items.Select(hit => hit.Product.Id));
        Assert.All(answer.Items, hit => Assert.Equal(products[hit.Product.Id], hit.Product));
        Assert.Equal(expected.Categories, answer.Facets.Categories);
        Assert.Equal(expected.Total, answer.Facets.Prices.Sum(facet => facet.Count));
    }
}
