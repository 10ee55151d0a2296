using Reco.Testing.Elasticsearch;
using Reco.Workload.Etl;

namespace Reco.Workload.Tests.Etl;

public sealed class ProductEtlTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_HundredThousandProducts_FullAndIncremental_IndexIsTheDatabase()
    {
        const int Products = 100_000;
        await using var shop = await EtlHarness.StartAsync(postgres, Products);
        var first = await shop.RunAsync();
        Assert.Equal((true, Products, 0L), (first.IsFull, first.Written, first.LeftOut));
        Assert.Equal(Products, await shop.AssertEqualAsync());

        await shop.RunSqlAsync("UPDATE products SET price = price + 1");
        await shop.RunSqlAsync("DELETE FROM products WHERE product_id LIKE 'p0001%'");
        var stop = shop.SearchOnAndOn(total => total is >= Products - 100 and <= Products);
        var second = await shop.RunAsync();
        Assert.Equal((false, Products - 100L, 100L), (second.IsFull, second.Written, second.Removed));
        Assert.Equal(first.Generation, second.Generation);
        Assert.Equal(Products - 100, await shop.AssertEqualAsync());

        var third = await shop.RunAsync(full: true);
        Assert.InRange(await stop(), 1, int.MaxValue);
        Assert.NotEqual(first.Generation, third.Generation);
        Assert.Equal(Products - 100, await shop.AssertEqualAsync());
        Assert.Single(await shop.GenerationsAsync());
    }

    [Fact]
    public async Task Run_NothingChanged_WritesNothing()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 500);
        await shop.RunAsync();
        await shop.RunAsync();
        var report = await shop.RunAsync();
        Assert.Equal((false, 0L, 0L), (report.IsFull, report.Written, report.Removed));
        Assert.Equal(500, await shop.AssertEqualAsync());
    }

    [Fact]
    public async Task Run_ProductChangedDeletedAndInsertedAgain_FollowsEachTime()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 100);
        await shop.RunAsync();
        await shop.RunSqlAsync("UPDATE products SET name = 'crystal chandelier' WHERE product_id = 'p000007'");
        await shop.RunSqlAsync("DELETE FROM products WHERE product_id = 'p000008'");
        await shop.RunAsync();
        Assert.Equal("p000007", Assert.Single((await shop.FindAsync("chandelier")).Items).Product.Id);
        Assert.Equal(99, await shop.AssertEqualAsync());

        await shop.RunSqlAsync("INSERT INTO products (product_id, name, category, price, stock) VALUES ('p000008', 'brass candelabra', 'New', 5, 1)");
        await shop.RunAsync();
        Assert.Equal("p000008", Assert.Single((await shop.FindAsync("candelabra")).Items).Product.Id);
        Assert.Equal(100, await shop.AssertEqualAsync());
    }

    /// <summary>A transaction writes, a later one writes and commits, a run reads; only then the first commits, with an older time.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_TransactionThatCommitsLate_IsNotMissed(bool deletes)
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 100);
        await shop.RunAsync();
        await shop.RunAsync();
        await using var connection = await shop.Source.OpenConnectionAsync(Token);
        await using var late = await connection.BeginTransactionAsync(Token);
        await using (var write = connection.CreateCommand())
        {
            write.CommandText = deletes
                ? "DELETE FROM products WHERE product_id = 'p000001'"
                : "UPDATE products SET name = 'late chandelier' WHERE product_id = 'p000001'";
            await write.ExecuteNonQueryAsync(Token);
        }

        for (var run = 0; run < 3; run++)
        {
            await shop.RunSqlAsync($"UPDATE products SET name = 'early candelabra {run}' WHERE product_id = 'p000002'");
            await shop.RunAsync();
            Assert.Equal(1, (await shop.FindAsync($"candelabra {run}")).Total);
        }

        await late.CommitAsync(Token);
        await shop.RunAsync();
        Assert.Equal(deletes ? 0 : 1, (await shop.FindAsync("late chandelier")).Total);
        Assert.Equal(deletes ? 99 : 100, await shop.AssertEqualAsync());
    }

    [Fact]
    public async Task Run_LateTransactionDuringABuild_IsNotMissed()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 100);
        await using var connection = await shop.Source.OpenConnectionAsync(Token);
        await using var late = await connection.BeginTransactionAsync(Token);
        await using (var write = connection.CreateCommand())
        {
            write.CommandText = "UPDATE products SET name = 'late chandelier' WHERE product_id = 'p000001'";
            await write.ExecuteNonQueryAsync(Token);
        }

        await shop.RunAsync(full: true);
        await late.CommitAsync(Token);
        await shop.RunAsync();
        Assert.Equal(1, (await shop.FindAsync("chandelier")).Total);
        await shop.AssertEqualAsync();
    }

    [Fact]
    public async Task Run_WhileAnotherRuns_Refuses()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 10);
        await using (await shop.Feed.TryLockAsync(Token))
        {
            var thrown = await Assert.ThrowsAsync<EtlException>(() => shop.RunAsync());
            Assert.Contains("Another ETL run", thrown.Message, StringComparison.Ordinal);
        }

        await shop.RunAsync();
    }

    [Fact]
    public async Task Run_ProductsThatBreakARule_AreLeftOutAndAgainWhenTheyCome()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 10);
        await shop.RunSqlAsync("INSERT INTO products (product_id, name, category, price, stock) VALUES ('bad', ' ', 'C', 1, 1), ('nan', 'n', 'C', 'NaN', 1)");
        var report = await shop.RunAsync();
        Assert.Equal((10L, 2L), (report.Written, report.LeftOut));
        await shop.RunSqlAsync("UPDATE products SET name = '' WHERE product_id = 'p000003'");
        await shop.RunAsync();
        Assert.Equal(9, await shop.AssertEqualAsync());
    }

    [Fact]
    public async Task Run_IndexThatLostProducts_DoesNotTakeOver()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 2_000);
        var first = await shop.RunAsync();
        var items = string.Join(',', Enumerable.Repeat("""{"index":{"status":201}}""", 1_000));
        shop.Stub.Fail(IsBulk, 1, 200, "{\"errors\":false,\"items\":[" + items + "]}");
        var thrown = await Assert.ThrowsAsync<EtlException>(() => shop.RunAsync(full: true, options => options.BatchProducts = 1_000));
        Assert.Contains("1000 products and the database 2000", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(first.Generation, (await shop.GenerationsAsync()).Single(generation => generation.IsPublished).Name);
        Assert.Equal(2_000, (await shop.FindAsync(null)).Total);
    }

    [Fact]
    public async Task Run_LeftOverIndices_AreRemovedAndForeignNotesMeanARebuild()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 50);
        var foreign = await shop.Index.CreateAsync("{not json", Token);
        var old = await shop.Index.CreateAsync(
            """{"is_complete":false,"begun_at":"2001-01-01T00:00:00Z","read_from":"2001-01-01T00:00:00Z","pending_transaction":1,"pending_at":"2001-01-01T00:00:00Z"}""", Token);
        await shop.Search.UpsertAsync([new() { Id = "x", Name = "of the catalogue", Category = "C", Price = 1 }], Token);
        var report = await shop.RunAsync();
        Assert.True(report.IsFull);
        var only = Assert.Single(await shop.GenerationsAsync());
        Assert.Equal(report.Generation, only.Name);
        Assert.DoesNotContain(only.Name, new[] { foreign.Name, old.Name });
        Assert.Equal(50, await shop.AssertEqualAsync());
    }

    [Fact]
    public async Task Run_Orders_MakeProductsPopularAndDaysAddUp()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 20);
        await shop.RunAsync();
        await shop.RunSqlAsync("""
            INSERT INTO users (user_id, name) VALUES ('u1', 'u1'), ('u2', 'u2');
            INSERT INTO orders (event_id, user_id, status, total, created_at) VALUES
                ('e1', 'u1', 'paid', 10, now()), ('e2', 'u2', 'paid', 10, now()), ('e3', 'u1', 'cancelled', 99, now()),
                ('e4', 'u1', 'paid', 5, '2011-12-09 10:00Z');
            INSERT INTO order_items SELECT order_id, 1, 'p000005', 7, 2.5 FROM orders WHERE event_id <> 'e4';
            INSERT INTO order_items SELECT order_id, 1, 'p000006', 1, 5 FROM orders WHERE event_id = 'e4';
            """);
        await shop.RunAsync();
        Assert.Equal(20, await shop.AssertEqualAsync());
        Assert.Equal("p000005", (await shop.FindAsync("lamp")).Items[0].Product.Id);

        var orders = new OrdersEtl(shop.Feed, shop.Orders);
        Assert.Equal(2, await orders.RunAsync(full: false, Token));
        var bulk = shop.Stub.Requests.Last(IsBulk).Text;
        Assert.Contains("""{"day":"2011-12-09","orders":1,"pieces":1,"revenue":5.00,"customers":1,"cancelled":0}""", bulk, StringComparison.Ordinal);
        Assert.Contains("\"orders\":3,\"pieces\":21,\"revenue\":35.00,\"customers\":2,\"cancelled\":1}", bulk, StringComparison.Ordinal);
        Assert.Equal(2, await orders.RunAsync(full: true, Token));
        Assert.Equal(4, await shop.Orders.EnsureAsync(Token));
    }

    [Fact]
    public async Task Run_ElasticsearchGoesAwayInTheMiddle_LeavesTheOldIndexAndGoesOnLater()
    {
        await using var shop = await EtlHarness.StartAsync(postgres, 3_000);
        var first = await shop.RunAsync();
        var bulks = 0;
        shop.Stub.Fail(request => IsBulk(request) && Interlocked.Increment(ref bulks) > 20, 6, 503, "gone");
        await Assert.ThrowsAsync<Adapters.Elasticsearch.ElasticsearchException>(
            () => shop.RunAsync(full: true, options => (options.BatchProducts, options.BatchesPerNote) = (100, 1)));
        Assert.Equal(3_000, (await shop.FindAsync(null)).Total);
        Assert.Equal(first.Generation, (await shop.GenerationsAsync()).Single(generation => generation.IsPublished).Name);

        var again = await shop.RunAsync(full: true);
        Assert.Equal(2_000, again.ResumedAfter);
        Assert.InRange(again.Written, 1_000, 1_000);
        Assert.Equal(3_000, await shop.AssertEqualAsync());
    }

    private static bool IsBulk(StubRequest request) => request.Path.EndsWith("/_bulk", StringComparison.Ordinal);
}
