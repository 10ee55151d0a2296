using System.Text.Json;
using Reco.Adapters.Elasticsearch;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

/// <summary>What the contract does not say: requests, pages beyond Elasticsearch's window, popularity, documented answers.</summary>
public sealed class ElasticsearchSearchTests : IAsyncLifetime
{
    private StubElasticsearch? _stub;
    private TestElasticsearch? _elasticsearch;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StubElasticsearch Stub => _stub!;

    private ElasticsearchSearchIndex Index => _elasticsearch!.Index;

    public async ValueTask InitializeAsync()
    {
        _stub = await StubElasticsearch.StartAsync();
        _elasticsearch = new TestElasticsearch(_stub.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _elasticsearch?.Dispose();
        await (_stub?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("lamp")]
    public async Task Search_BeyondTheWindow_GoesOnWhereItEnds(string? text)
    {
        var products = Enumerable.Range(0, 10_150).Select(i => Make($"p{i:D5}", i % 3 == 0 ? "lamp" : "desk lamp")).ToArray();
        await Index.UpsertAsync(products, Token);
        var order = products.OrderBy(p => text is not null && p.Name != "lamp").ThenBy(p => p.Id, StringComparer.Ordinal).Select(p => p.Id).ToArray();
        foreach (var (offset, limit) in new[] { (9_900, 100), (9_950, 100), (9_999, 1), (10_000, 100), (10_000, 1) })
        {
            var answer = await Index.SearchAsync(new SearchQuery { Text = text, Offset = offset, Limit = limit }, Token);
            Assert.Equal(order.Skip(offset).Take(limit), answer.Items.Select(hit => hit.Product.Id));
            Assert.Equal(10_150, answer.Total);
        }
    }

    [Theory]
    [InlineData(9_999)]
    [InlineData(9_950)]
    [InlineData(3)]
    public async Task Search_OffsetBeyondTheResults_FindsNothing(int offset)
    {
        await Index.UpsertAsync([Make("a", "lamp"), Make("b", "lamp")], Token);
        var answer = await Index.SearchAsync(new SearchQuery { Offset = offset, Limit = 100 }, Token);
        Assert.Equal((2, 0), (answer.Total, answer.Items.Count));
    }

    [Fact]
    public async Task Search_PopularProduct_IsAheadOfAnEqualOneAndBehindABetterOne()
    {
        var builder = _elasticsearch!.Builder;
        var generation = await builder.CreateAsync("", Token);
        await builder.WriteAsync(
            generation.Name,
            [
                new(Make("a", "reading lamp"), 0), new(Make("b", "garden lamp"), 50), new(Make("c", "kitchen lamp"), 5_000),
                new(Make("d", "table with a lamp and many other things that are not one"), 300),
                .. Enumerable.Range(0, 50).Select(i => new IndexedProduct(Make($"other{i}", "desk chair"), 1_000)),
            ],
            Token);
        await builder.PublishAsync(generation.Name, Token);
        var answer = await Index.SearchAsync(new SearchQuery { Text = "lamp" }, Token);
        Assert.Equal(["c", "b", "a", "d"], answer.Items.Select(hit => hit.Product.Id));
    }

    [Fact]
    public async Task Search_WordsThatAreFound_IsOneRequest()
    {
        await Index.UpsertAsync([Make("a", "desk lamp")], Token);
        await Index.SearchAsync(new SearchQuery { Text = "desk la", MinPrice = 1, MaxPrice = 20.5m }, Token);
        Assert.Single(Stub.Requests, TestElasticsearch.IsSearch);
        await Index.SearchAsync(new SearchQuery { Text = "desk lamp", Category = "Books" }, Token);
        Assert.Equal(2, Stub.Requests.Count(TestElasticsearch.IsSearch));
    }

    [Fact]
    public async Task Search_AnyText_IsOnlyEverAValue()
    {
        await Index.UpsertAsync([Make("a", "desk lamp")], Token);
        const string Hostile = "x\"}},\"script\":{\"source\":\"1\"} name:lamp* OR _id:[a TO z] \\u0022";
        await Index.SearchAsync(new SearchQuery { Text = Hostile, Category = "\"}}]" }, Token);
        foreach (var search in Stub.Requests.Where(TestElasticsearch.IsSearch))
        {
            using var body = JsonDocument.Parse(search.Body);
            var names = Names(body.RootElement).ToHashSet();
            Assert.DoesNotContain("query_string", names);
            Assert.DoesNotContain("simple_query_string", names);
            Assert.DoesNotContain("script", names);
        }
    }

    [Fact]
    public async Task Search_WithoutAnIndex_IsAnError()
    {
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(async () => await Index.SearchAsync(new SearchQuery(), Token));
        Assert.Equal("index_not_found_exception", thrown.Type);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"hits":{"total":{"value":"many"},"hits":[]},"aggregations":{}}""")]
    [InlineData("""{"hits":{"total":{"value":1},"hits":[{"_id":"a","_score":1,"_source":{"title":"x"}}]},"aggregations":{}}""")]
    public async Task Search_AnswerOfAnotherForm_IsAnErrorThatSaysSo(string body)
    {
        Stub.Fail(TestElasticsearch.IsSearch, 1, 200, body);
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(async () => await Index.SearchAsync(new SearchQuery { Text = "a" }, Token));
        Assert.Contains("another form", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(101, 0)]
    [InlineData(10, -1)]
    [InlineData(10, 10_001)]
    public async Task Search_PageOutsideItsBounds_Throws(int limit, int offset) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Index.SearchAsync(new SearchQuery { Limit = limit, Offset = offset }, Token));

    /// <summary>An answer in the form that Elasticsearch's reference shows, with fields that we do not read.</summary>
    [Fact]
    public async Task Search_AnswerOfTheReference_IsRead()
    {
        Stub.Fail(TestElasticsearch.IsSearch, 1, 200, RecordedAnswers.Search);
        var answer = await Index.SearchAsync(new SearchQuery { Text = "phone", Category = "electronics" }, Token);
        Assert.Equal(17, answer.Total);
        var hit = Assert.Single(answer.Items);
        Assert.Equal(1.3862942, hit.Score);
        Assert.Equal(new Product { Id = "p1", Name = "Nova \"5G\" Phone", Category = "Electronics", Price = 499.50m, Stock = 3 }, hit.Product);
        Assert.Equal([new FacetCount("Electronics", 16), new FacetCount("Office", 1)], answer.Facets.Categories);
        Assert.Equal([new FacetCount("Halden", 9)], answer.Facets.Brands);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], answer.Facets.Prices.Select(price => price.Count));
    }

    [Fact]
    public async Task Upsert_AnswerOfTheReference_NamesTheRefused()
    {
        Stub.Fail(TestElasticsearch.IsBulk, 1, 200, RecordedAnswers.Bulk);
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(
            async () => await Index.UpsertAsync([Make("p1", "a"), Make("p2", "b"), Make("p3", "c")], Token));
        Assert.Contains("1 of 3 documents, the first p2: document_parsing_exception", thrown.Message, StringComparison.Ordinal);
        var again = Stub.Requests.Last(TestElasticsearch.IsBulk).Text;
        Assert.Contains("\"p3\"", again, StringComparison.Ordinal);
        Assert.DoesNotContain("\"p1\"", again, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Names(field.Value).Prepend(field.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };

    private static Product Make(string id, string name) => new() { Id = id, Name = name, Category = "C", Price = 10 };
}
