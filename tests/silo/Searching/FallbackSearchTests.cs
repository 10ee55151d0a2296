using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Silo.Searching;
using Reco.Testing;
using Reco.Testing.Elasticsearch;

namespace Reco.Silo.Tests.Searching;

/// <summary>Elasticsearch comes and goes; a search is always answered, and by what the catalogue holds.</summary>
public sealed class FallbackSearchTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly EmbeddedSearchIndex _embedded = new();
    private readonly ListCatalogue _catalogue = new();
    private StubElasticsearch? _stub;
    private ElasticsearchClient? _client;
    private ElasticsearchSearchIndex? _elasticsearch;
    private ElasticsearchIndexBuilder? _builder;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StubElasticsearch Stub => _stub!;

    public async ValueTask InitializeAsync()
    {
        _stub = await StubElasticsearch.StartAsync();
        var options = Microsoft.Extensions.Options.Options.Create(new ElasticsearchOptions { Url = _stub.Url, RetriesMax = 0 });
        _client = new ElasticsearchClient(options.Value, TimeProvider.System, NullLogger<ElasticsearchClient>.Instance);
        _elasticsearch = new ElasticsearchSearchIndex(_client, options, TimeProvider.System);
        _builder = new ElasticsearchIndexBuilder(_client, options, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _elasticsearch?.Dispose();
        _client?.Dispose();
        _embedded.Dispose();
        await (_stub?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Search_BeforeTheFirstFilling_IsAnsweredByTheEmbeddedIndexAndThenByElasticsearch()
    {
        var search = Make(SearchFilling.ByCatalogue);
        await UpsertAsync(search, "a");
        Assert.Equal(["a"], await FindAsync(search));
        Assert.DoesNotContain(Stub.Requests, IsSearch);
        Assert.NotNull(search.Problem);

        Assert.True(await Filler(search).FillAsync(Token));
        Assert.Equal(["a"], await FindAsync(search));
        Assert.Single(Stub.Requests, IsSearch);
        Assert.Null(search.Problem);

        await UpsertAsync(search, "b");
        Assert.Equal(["a", "b"], await FindAsync(search));
        Assert.Equal(2, Stub.Requests.Count(IsSearch));
    }

    [Fact]
    public async Task Search_ElasticsearchAway_IsAnsweredAndNotWaitedForEachTime()
    {
        var search = Make(SearchFilling.ByCatalogue);
        await UpsertAsync(search, "a");
        await Filler(search).FillAsync(Token);
        Stub.Fail(IsSearch, 1, 503, "gone");
        Assert.Equal(["a"], await FindAsync(search));
        Assert.Contains("503", search.Problem, StringComparison.Ordinal);
        Assert.Equal(["a"], await FindAsync(search));
        Assert.Single(Stub.Requests, IsSearch);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(["a"], await FindAsync(search));
        Assert.Equal(2, Stub.Requests.Count(IsSearch));
        Assert.Null(search.Problem);
    }

    [Fact]
    public async Task Upsert_ElasticsearchAway_IsMadeUpForAsAWhole()
    {
        var search = Make(SearchFilling.ByCatalogue);
        await UpsertAsync(search, "a", "b");
        await Filler(search).FillAsync(Token);
        Stub.Fail(request => request.Path.EndsWith("/_bulk", StringComparison.Ordinal), 1, 503, "gone");
        await UpsertAsync(search, "c");
        await search.RemoveAsync(["a"], Token);
        Assert.True(search.IsBehind);
        Assert.Equal(["b", "c"], await FindAsync(search));
        Assert.DoesNotContain(Stub.Requests, IsSearch);

        _catalogue.Remove("a");
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(await Filler(search).FillAsync(Token));
        Assert.Equal(["b", "c"], await FindAsync(search));
        Assert.Single(Stub.Requests, IsSearch);
        Assert.Single(await _builder!.ListAsync(Token));
    }

    [Fact]
    public async Task Fill_ChangeMeanwhile_IsNotForgotten()
    {
        var search = Make(SearchFilling.ByCatalogue);
        await UpsertAsync(search, "a");
        var skipped = search.Skipped;
        await UpsertAsync(search, "b");
        Assert.False(search.CaughtUp(skipped));
        Assert.True(search.IsBehind);
        Assert.True(search.CaughtUp(search.Skipped));
    }

    [Fact]
    public async Task Upsert_WhereTheEtlFills_GoesToTheEmbeddedIndexOnly()
    {
        var search = Make(SearchFilling.ByEtl);
        await UpsertAsync(search, "a");
        Assert.Empty(Stub.Requests);

        // No index yet: the embedded one answers.
        Assert.Equal(["a"], await FindAsync(search));
        Assert.Contains("no such index", search.Problem, StringComparison.Ordinal);
    }

    private FallbackSearch Make(SearchFilling filling) => new(_embedded, _elasticsearch!, filling, _time, NullLogger<FallbackSearch>.Instance);

    private SearchFiller Filler(FallbackSearch search) => new(search, _builder!, _catalogue, _time, NullLogger<SearchFiller>.Instance);

    private async Task UpsertAsync(FallbackSearch search, params string[] ids)
    {
        Product[] products = [.. ids.Select(id => new Product { Id = id, Name = $"lamp {id}", Category = "C", Price = 1 })];
        await _catalogue.UpsertAsync(products, Token);
        await search.UpsertAsync(products, Token);
    }

    private static async Task<string[]> FindAsync(FallbackSearch search) =>
        [.. (await search.SearchAsync(new SearchQuery(), Token)).Items.Select(hit => hit.Product.Id)];

    private static bool IsSearch(StubRequest request) => request.Path.EndsWith("/_search", StringComparison.Ordinal);

    private sealed class ListCatalogue : ICatalogue
    {
        private readonly SortedDictionary<string, Product> _products = new(StringComparer.Ordinal);

        public long Version { get; private set; }

        public IReadOnlyList<Product> Products => [.. _products.Values];

        public bool TryGet(string productId, [NotNullWhen(true)] out Product? product) => _products.TryGetValue(productId, out product);

        public void Remove(string productId) => _products.Remove(productId);

        public ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
        {
            foreach (var product in products)
            {
                _products[product.Id] = product;
            }

            Version++;
            return ValueTask.CompletedTask;
        }
    }
}
