using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Embedded.Search;

public sealed class EmbeddedSearchIndexTests : IDisposable
{
    private readonly EmbeddedSearchIndex _index = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Search_SeededShop_FindsPhonesInElectronics()
    {
        await _index.UpsertAsync(SeededCatalogue.Generate(), Token);
        var answer = await _index.SearchAsync(new SearchQuery { Text = "phone", Limit = 100 }, Token);
        Assert.InRange(answer.Total, 5, 200);
        Assert.All(answer.Items, hit => Assert.Contains("Phone", hit.Product.Name, StringComparison.Ordinal));
        Assert.Equal("Electronics", answer.Facets.Categories[0].Value);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(101, 0)]
    [InlineData(10, -1)]
    [InlineData(10, 10_001)]
    public async Task Search_PageOutsideItsBounds_Throws(int limit, int offset) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await _index.SearchAsync(new SearchQuery { Limit = limit, Offset = offset }, Token));

    [Fact]
    public async Task Search_Cancelled_Throws() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        async () => await _index.SearchAsync(new SearchQuery(), new CancellationToken(canceled: true)));

    [Fact]
    public async Task Search_TextBeyond256Characters_IsNotLookedAt()
    {
        await _index.UpsertAsync([Make("a", "lamp")], Token);
        var answer = await _index.SearchAsync(new SearchQuery { Text = new string(' ', 256) + "lamp" }, Token);
        Assert.Equal(0, answer.Total);
    }

    [Fact]
    public async Task Upsert_OneByOne_KeepsSegmentsFewAndAnswersAsInOneBatch()
    {
        var products = SeededCatalogue.Generate(700);
        foreach (var product in products)
        {
            await _index.UpsertAsync([product], Token);
        }

        using var whole = new EmbeddedSearchIndex();
        await whole.UpsertAsync(products, Token);
        Assert.InRange(_index.SegmentCount, 1, 10);
        foreach (var text in new[] { "phone", "wireless headphones", "blak mug", "organic co", "" })
        {
            var query = new SearchQuery { Text = text, Limit = 100 };
            var expected = await whole.SearchAsync(query, Token);
            var answer = await _index.SearchAsync(query, Token);
            Assert.Equal(expected.Items, answer.Items);
            Assert.Equal(expected.Facets.Brands, answer.Facets.Brands);
        }
    }

    [Fact]
    public async Task Upsert_SameProductsAgainAndAgain_LeavesNothingBehind()
    {
        var products = SeededCatalogue.Generate(100);
        for (var i = 0; i < 20; i++)
        {
            await _index.UpsertAsync([.. products.Where((_, number) => number % 3 != i % 3)], Token);
        }

        Assert.Equal(100, _index.Count);
        Assert.InRange(_index.SegmentCount, 1, 7);
    }

    [Fact]
    public async Task Search_WhileProductsAreReplaced_AlwaysSeesOneWholeState()
    {
        // Every batch renames all products at once, so a reader that saw half of one would count neither 50 nor 0.
        using var stop = new CancellationTokenSource();
        await _index.UpsertAsync(Batch("even"), Token);
        var reads = 0;
        var reader = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var all = await _index.SearchAsync(new SearchQuery { Text = "even odd" }, Token);
                    Assert.Equal(50, all.Total);
                    Assert.Single(all.Items.Select(hit => hit.Product.Name).Distinct());
                    Interlocked.Increment(ref reads);
                }
            },
            Token);
        await Deadline.Until(() => Volatile.Read(ref reads) > 0 || reader.IsCompleted, "the first read");
        for (var i = 0; i < 200; i++)
        {
            await _index.UpsertAsync(Batch(i % 2 == 0 ? "odd" : "even"), Token);
        }

        await stop.CancelAsync();
        await reader.Within("the reader");

        static Product[] Batch(string name) => [.. Enumerable.Range(0, 50).Select(i => Make($"p{i}", name))];
    }

    private static Product Make(string id, string name) => new() { Id = id, Name = name, Category = "C", Price = 1 };
}
