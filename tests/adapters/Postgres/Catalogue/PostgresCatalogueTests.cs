using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Embedded.Search;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Adapters.Tests.Postgres.Schema;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Catalogue;

/// <summary>The catalogue follows what other programs do to the table.</summary>
public sealed class PostgresCatalogueTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly EmbeddedSearchIndex _search = new();
    private readonly ManualTimeProvider _time = new();
    private NpgsqlDataSource? _source;
    private PostgresCatalogue? _catalogue;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PostgresCatalogue Catalogue => _catalogue!;

    public async ValueTask InitializeAsync()
    {
        _source = await MigratedDatabase.OpenAsync(postgres);
        _catalogue = new PostgresCatalogue(
            _source, _search, Options.Create(new PostgresOptions()), _time, NullLogger<PostgresCatalogue>.Instance)
        {
            // Nothing is to be seen only because it is read twice.
            ClockOverlap = TimeSpan.Zero,
        };
        await RunAsync("""
            INSERT INTO products (product_id, name, category, brand, price, stock)
            SELECT 'p' || i, 'Pan ' || i, 'Home', '', 10, 5 FROM generate_series(1, 5) AS i
            """);

        // The first readings read everything; the tests are about those that read what changed.
        for (var i = 0; i < 3; i++)
        {
            await Catalogue.FollowAsync(Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _search.Dispose();
        _catalogue?.Dispose();
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task Follow_NothingChanged_KeepsTheVersion()
    {
        var version = Catalogue.Version;

        await Catalogue.FollowAsync(Token);

        Assert.Equal(5, Catalogue.Products.Count);
        Assert.Equal(version, Catalogue.Version);
    }

    [Fact]
    public async Task Follow_OtherProgramWrote_SeesPriceStockNewAndDeleted()
    {
        var before = Catalogue.Products;
        await RunAsync("""
            UPDATE products SET price = 12.34 WHERE product_id = 'p1';
            UPDATE products SET stock = 0 WHERE product_id = 'p2';
            DELETE FROM products WHERE product_id = 'p3';
            INSERT INTO products (product_id, name, category, price, stock) VALUES ('q', 'Quiche', 'Food', 3, 1);
            """);

        await Catalogue.FollowAsync(Token);

        Assert.Equal(["p1", "p2", "p4", "p5", "q"], Catalogue.Products.Select(product => product.Id));
        Assert.Equal(12.34m, Get("p1").Price);
        Assert.Equal(0, Get("p2").Stock);
        Assert.Equal("Food", Get("q").Category);
        Assert.Equal(5, before.Count(product => product.Price == 10));
        Assert.Equal(5, _search.Count);
        Assert.Equal("q", Assert.Single((await _search.SearchAsync(new SearchQuery { Text = "quiche" }, Token)).Items).Product.Id);
    }

    [Fact]
    public async Task Follow_DeletedAndBackAgain_HasIt()
    {
        await RunAsync("DELETE FROM products WHERE product_id = 'p3'");
        await Catalogue.FollowAsync(Token);
        Assert.False(Catalogue.TryGet("p3", out _));

        await RunAsync("INSERT INTO products (product_id, name, category, price, stock) VALUES ('p3', 'Back', 'Home', 1, 1)");
        await Catalogue.FollowAsync(Token);

        Assert.Equal("Back", Get("p3").Name);
    }

    [Fact]
    public async Task Follow_LateCommitOfAnOlderTime_IsSeen()
    {
        await using var late = await _source!.OpenConnectionAsync(Token);
        await using var transaction = await late.BeginTransactionAsync(Token);
        await using (var update = new NpgsqlCommand("UPDATE products SET price = 99 WHERE product_id = 'p1'; DELETE FROM products WHERE product_id = 'p2'", late))
        {
            await update.ExecuteNonQueryAsync(Token);
        }

        // Many readings go by, with later changes, before it commits.
        for (var i = 0; i < 5; i++)
        {
            await RunAsync($"UPDATE products SET stock = {100 + i} WHERE product_id = 'p5'");
            await Catalogue.FollowAsync(Token);
            Assert.Equal(100 + i, Get("p5").Stock);
            Assert.Equal(10, Get("p1").Price);
        }

        await transaction.CommitAsync(Token);
        await Catalogue.FollowAsync(Token);
        Assert.Equal(99, Get("p1").Price);
        Assert.False(Catalogue.TryGet("p2", out _));
    }

    [Fact]
    public async Task Follow_ChangeBehindTheTriggersBack_IsFoundByTheFullReading()
    {
        await using (var connection = await _source!.OpenConnectionAsync(Token))
        await using (var command = new NpgsqlCommand(
            """
            SET session_replication_role = replica;
            UPDATE products SET price = 1, updated_at = '2001-01-01' WHERE product_id = 'p1';
            DELETE FROM products WHERE product_id = 'p2';
            RESET session_replication_role
            """, connection))
        {
            await command.ExecuteNonQueryAsync(Token);
        }

        await Catalogue.FollowAsync(Token);
        Assert.Equal(10, Get("p1").Price);

        _time.Advance(TimeSpan.FromMinutes(new PostgresOptions().CatalogueFullReadMinutes));
        await Catalogue.FollowAsync(Token);
        Assert.Equal(1, Get("p1").Price);
        Assert.False(Catalogue.TryGet("p2", out _));
        Assert.Equal(4, _search.Count);
    }

    [Theory]
    [InlineData("UPDATE products SET name = '' WHERE product_id = 'p1'")]
    [InlineData("UPDATE products SET name = E'tab\\there' WHERE product_id = 'p1'")]
    [InlineData("UPDATE products SET price = 1000001 WHERE product_id = 'p1'")]
    [InlineData("UPDATE products SET price = 'NaN' WHERE product_id = 'p1'")]
    [InlineData("UPDATE products SET category = repeat('x', 129) WHERE product_id = 'p1'")]
    public async Task Follow_ProductThatBreaksARule_IsLeftOutUntilItIsMended(string sql)
    {
        await RunAsync(sql);
        await Catalogue.FollowAsync(Token);
        Assert.False(Catalogue.TryGet("p1", out _));
        Assert.Equal(4, _search.Count);

        await RunAsync("UPDATE products SET name = 'Pan', price = 7, category = 'Home' WHERE product_id = 'p1'");
        await Catalogue.FollowAsync(Token);
        Assert.Equal(7, Get("p1").Price);
    }

    [Fact]
    public async Task Upsert_PriceWithThreeDecimals_IsInMemoryAsItIsStored()
    {
        await Catalogue.UpsertAsync([new Product { Id = "p1", Name = "Pan", Category = "Home", Price = 1.235m, Stock = 1 }], Token);
        var version = Catalogue.Version;
        Assert.Equal(1.24m, Get("p1").Price);

        await Catalogue.FollowAsync(Token);

        Assert.Equal(version, Catalogue.Version);
    }

    [Fact]
    public async Task Upsert_ByAnotherSilo_IsSeenHere()
    {
        using var search = new EmbeddedSearchIndex();
        using var other = new PostgresCatalogue(
            _source!, search, Options.Create(new PostgresOptions()), _time, NullLogger<PostgresCatalogue>.Instance);

        await other.UpsertAsync([new Product { Id = "new", Name = "New", Category = "Home", Price = 1 }], Token);

        Assert.Equal(6, other.Products.Count);
        await Catalogue.FollowAsync(Token);
        Assert.Equal("New", Get("new").Name);
    }

    private Product Get(string id) => Catalogue.TryGet(id, out var product) ? product : throw new InvalidOperationException($"no product '{id}'");

    private async Task RunAsync(string sql)
    {
        await using var command = _source!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
