using System.Collections.Concurrent;
using Reco.Adapters.Elasticsearch;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Testing;
using Reco.Testing.Elasticsearch;

namespace Reco.Adapters.Tests.Elasticsearch;

public sealed class ElasticsearchBulkTests : IAsyncLifetime
{
    private StubElasticsearch? _stub;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StubElasticsearch Stub => _stub!;

    public async ValueTask InitializeAsync() => _stub = await StubElasticsearch.StartAsync();

    public ValueTask DisposeAsync() => _stub?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Upsert_SomeItemsPutOff_SendsThoseAloneAgain()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        var asked = new ConcurrentDictionary<string, int>();
        Stub.BusyFor = id => asked.AddOrUpdate(id, 1, (_, times) => times + 1) <= 2 && id is "p3" or "p7" && asked[id] <= 2;
        await elasticsearch.Index.UpsertAsync([.. Enumerable.Range(0, 10).Select(i => Make($"p{i}"))], Token);

        var bulks = Stub.Requests.Where(TestElasticsearch.IsBulk).ToArray();
        Assert.Equal([20, 4, 4], bulks.Select(bulk => bulk.Text.Count(letter => letter == '\n')));
        Assert.All(bulks[1..], bulk => Assert.Contains("\"p3\"", bulk.Text, StringComparison.Ordinal));
        Assert.Equal(10, (await elasticsearch.Index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Upsert_ItemsPutOffForGood_FailsAndSaysHowMany()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => options.RetriesMax = 2);
        Stub.BusyFor = id => id is "p3";
        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(
            async () => await elasticsearch.Index.UpsertAsync([Make("p2"), Make("p3")], Token));
        Assert.Contains("1 of 2 documents, 3 times", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ItemsRefusedForGood_ReportsThemAndTakesTheOthers()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        var generation = await elasticsearch.Builder.CreateAsync("", Token);
        var tooLong = new string('한', 200);
        var refused = await elasticsearch.Builder.WriteAsync(
            generation.Name, [new(Make("a"), 1), new(Make(tooLong), 1), new(Make("b"), 1)], Token);
        var one = Assert.Single(refused);
        Assert.Equal(tooLong, one.ProductId);
        Assert.Contains("512 bytes", one.Reason, StringComparison.Ordinal);
        Assert.Equal(2, await elasticsearch.Builder.CountAsync(generation.Name, Token));

        var thrown = await Assert.ThrowsAsync<ElasticsearchException>(
            async () => await elasticsearch.Index.UpsertAsync([Make("c"), Make(tooLong)], Token));
        Assert.Contains("1 of 2", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await elasticsearch.Index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Upsert_MoreThanARequestHolds_IsSentInSeveral()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, options => (options.BulkDocumentsMax, options.BulkBytesMax) = (300, 64 << 10));
        await elasticsearch.Index.UpsertAsync(SeededCatalogue.Generate(2_000), Token);
        var bulks = Stub.Requests.Where(TestElasticsearch.IsBulk).ToArray();
        Assert.InRange(bulks.Length, 7, 20);
        Assert.All(bulks, bulk => Assert.InRange(bulk.Body.Length, 1, (64 << 10) + 1_024));
        Assert.Equal(2_000, (await elasticsearch.Index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Upsert_WithoutAnIndex_MakesOneFromTheTemplateAndLeavesThatOfAnother()
    {
        using var one = new TestElasticsearch(Stub.Url);
        using var other = new TestElasticsearch(Stub.Url);
        await Task.WhenAll(one.Index.UpsertAsync([Make("a")], Token).AsTask(), other.Index.UpsertAsync([Make("b")], Token).AsTask());
        var generation = Assert.Single(await one.Builder.ListAsync(Token));
        Assert.Equal(("products-000001", true), (generation.Name, generation.IsPublished));
        Assert.Equal(2, (await one.Index.SearchAsync(new SearchQuery(), Token)).Total);
    }

    [Fact]
    public async Task Upsert_KnownProduct_KeepsItsPopularity()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        var generation = await elasticsearch.Builder.CreateAsync("", Token);
        await elasticsearch.Builder.WriteAsync(generation.Name, [new(Make("a") with { Brand = "Old" }, 42)], Token);
        await elasticsearch.Builder.PublishAsync(generation.Name, Token);
        await elasticsearch.Index.UpsertAsync([Make("a") with { Name = "renamed" }], Token);

        var products = new List<IndexedProduct>();
        await foreach (var product in elasticsearch.Builder.ReadAllAsync(generation.Name, Token))
        {
            products.Add(product);
        }

        Assert.Equal([new IndexedProduct(Make("a") with { Name = "renamed" }, 42)], products);
    }

    [Fact]
    public async Task Publish_AnotherGeneration_MovesTheAliasInOneRequest()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        await elasticsearch.Index.UpsertAsync([Make("old")], Token);
        var next = await elasticsearch.Builder.CreateAsync("noted", Token);
        await elasticsearch.Builder.WriteAsync(next.Name, [new(Make("new"), 0)], Token);
        Assert.Equal("old", (await elasticsearch.Index.SearchAsync(new SearchQuery(), Token)).Items.Single().Product.Id);

        await elasticsearch.Builder.PublishAsync(next.Name, Token);
        Assert.Equal("new", (await elasticsearch.Index.SearchAsync(new SearchQuery(), Token)).Items.Single().Product.Id);
        var swap = Assert.Single(Stub.Requests, request => request.Path == "/_aliases").Text;
        Assert.Contains("remove", swap, StringComparison.Ordinal);
        Assert.Contains("add", swap, StringComparison.Ordinal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => elasticsearch.Builder.DropAsync(next.Name, Token));
        await elasticsearch.Builder.DropAsync("products-000001", Token);
        await elasticsearch.Builder.DropAsync("products-000001", Token);
        Assert.Equal([next with { IsPublished = true }], await elasticsearch.Builder.ListAsync(Token));
    }

    [Fact]
    public async Task Create_SeveralAtOneMoment_AreDifferentInTheirOrder()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url, time: new ManualTimeProvider());
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add((await elasticsearch.Builder.CreateAsync("", Token)).Name);
        }

        Assert.Equal(names, (await elasticsearch.Builder.ListAsync(Token)).Select(generation => generation.Name));
        Assert.Equal(3, names.Distinct().Count());
    }

    [Fact]
    public async Task SaveState_Again_ReplacesTheNotes()
    {
        using var elasticsearch = new TestElasticsearch(Stub.Url);
        var generation = await elasticsearch.Builder.CreateAsync("""{"a":1}""", Token);
        Assert.Equal("""{"a":1}""", Assert.Single(await elasticsearch.Builder.ListAsync(Token)).State);
        await elasticsearch.Builder.SaveStateAsync(generation.Name, "second", Token);
        Assert.Equal("second", Assert.Single(await elasticsearch.Builder.ListAsync(Token)).State);
    }

    private static Product Make(string id) => new() { Id = id, Name = $"lamp {id}", Category = "C", Price = 10 };
}
