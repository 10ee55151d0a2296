using Npgsql;
using Reco.Adapters.Postgres.Schema;
using Reco.Adapters.Postgres.Seeding;
using Reco.Adapters.Tests.Postgres.Schema;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Seeding;

public sealed class DatabaseSeederTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string LiveOrder = """
        INSERT INTO users (user_id, name) VALUES ('u', 'Uma') ON CONFLICT DO NOTHING;
        INSERT INTO orders (event_id, user_id, status, total, created_at) VALUES ('live-1', 'u', 'paid', 1, now());
        """;

    private static readonly SeedingOptions Small = new() { Orders = 3_000, Seed = 7, EventMonths = 1 };

    private string _database = "";
    private NpgsqlDataSource? _source;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Source => _source!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.NewDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    [Fact]
    public async Task Seed_EmptyDatabase_MakesValidOrdersAndLeavesTheSchemaAsMigrated()
    {
        await new SchemaMigrator(Source).MigrateAsync(Token);
        var schema = await SchemaDescription.OfTablesAsync(_database);

        var summary = await new DatabaseSeeder(Source).SeedAsync(Small, Token);

        Assert.Equal(schema, await SchemaDescription.OfTablesAsync(_database));
        Assert.Equal((3_000L, 3_000L, 1_000), (summary.Orders, await CountAsync("orders"), summary.Products));
        Assert.Equal(summary.Items, await CountAsync("order_items"));
        Assert.Equal(summary.Events, await CountAsync("user_events"));
        Assert.InRange(summary.Events, 200, 3_000);
        Assert.Equal(0L, await CountAsync("user_events_default"));
        Assert.Equal(0L, await CountAsync("orders WHERE total <> (SELECT sum(quantity * unit_price) FROM order_items WHERE order_items.order_id = orders.order_id)"));
        Assert.Equal(0L, await CountAsync("user_events WHERE event_type = 'purchase' AND NOT EXISTS (SELECT FROM orders WHERE user_events.event_id ^@ orders.event_id)"));
        Assert.Equal(0L, await CountAsync("users JOIN orders USING (user_id) WHERE country IS NULL OR users.created_at > (SELECT min(created_at) FROM orders)"));
        Assert.Equal(3_000f, await AskAsync("SELECT reltuples FROM pg_class WHERE relname = 'orders'"));

        // The next order gets the next id.
        await RunAsync(LiveOrder);
        Assert.Equal(3_001L, await AskAsync("SELECT order_id FROM orders WHERE event_id = 'live-1'"));
    }

    [Fact]
    public async Task Seed_SameSeedInAnotherDatabase_GivesTheSameRows()
    {
        await new DatabaseSeeder(Source).SeedAsync(Small, Token);
        await using var other = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync());
        await new DatabaseSeeder(other).SeedAsync(Small, Token);

        var first = await HashAsync(Source);
        Assert.Equal(first, await HashAsync(other));

        await new DatabaseSeeder(other).SeedAsync(Small with { Seed = 8 }, Token);
        Assert.NotEqual(first, await HashAsync(other));
        Assert.Equal(3_000L, await CountAsync("orders", other));
    }

    [Fact]
    public async Task Seed_Again_ReplacesTheSeededOrders()
    {
        await new DatabaseSeeder(Source).SeedAsync(Small, Token);
        var first = await HashAsync(Source);
        await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 50, Seed = 9 }, Token);
        Assert.Equal(50L, await CountAsync("orders"));

        var summary = await new DatabaseSeeder(Source).SeedAsync(Small, Token);

        Assert.Equal(50, summary.Replaced);
        Assert.Equal(first, await HashAsync(Source));
    }

    [Fact]
    public async Task Seed_LiveOrders_AreRefusedKeptOrDeleted()
    {
        await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 40 }, Token);
        await RunAsync(LiveOrder);
        var before = await HashAsync(Source);

        var refused = await Assert.ThrowsAsync<SeedingException>(() => new DatabaseSeeder(Source).SeedAsync(Small, Token));
        Assert.Contains("has 1 orders that were not made by seeding", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await HashAsync(Source));

        var kept = await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 30, LiveOrders = LiveOrders.Keep }, Token);
        Assert.Equal(40, kept.Replaced);
        Assert.Equal(31L, await CountAsync("orders"));
        Assert.Equal(1L, await CountAsync("orders WHERE event_id = 'live-1' AND order_id = 41"));
        Assert.Equal(0L, await CountAsync("order_items WHERE order_id <= 41"));

        var forced = await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 20, LiveOrders = LiveOrders.Delete }, Token);
        Assert.Equal(31, forced.Replaced);
        Assert.Equal(20L, await CountAsync("orders"));
        Assert.Equal(0L, await CountAsync("orders WHERE event_id = 'live-1'"));
    }

    [Theory]
    [InlineData("users")]
    [InlineData("orders")]
    [InlineData("items of orders")]
    [InlineData("keys and indexes")]
    [InlineData("events of orders")]
    [InlineData("commit")]
    public async Task Seed_StoppedInAnyPhase_LeavesTheDatabaseAsItWas(string phase)
    {
        await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 100 }, Token);
        var schema = await SchemaDescription.OfEverythingAsync(_database);
        var before = await HashAsync(Source);

        using var stop = new CancellationTokenSource();
        var progress = new Watch(report =>
        {
            if (report.Phase == phase)
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new DatabaseSeeder(Source, progress).SeedAsync(Small with { Seed = 8 }, stop.Token));

        Assert.Equal(schema, await SchemaDescription.OfEverythingAsync(_database));
        Assert.Equal(before, await HashAsync(Source));
        await new DatabaseSeeder(Source).SeedAsync(Small, Token);
        Assert.Equal(3_000L, await CountAsync("orders"));
    }

    [Fact]
    public async Task Seed_ServerKilledInBetween_LeavesTheDatabaseAsItWas()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        var database = await server.CreateDatabaseAsync("shop");
        await using var source = NpgsqlDataSource.Create(database);
        await new DatabaseSeeder(source).SeedAsync(Small with { Orders = 100 }, Token);
        var schema = await SchemaDescription.OfEverythingAsync(database);
        var before = await HashAsync(source);
        Task? kill = null;
        var progress = new Watch(report =>
        {
            if (report is { Phase: "keys and indexes", Done: 4 })
            {
                kill = server.KillAsync();
            }
        });

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new DatabaseSeeder(source, progress).SeedAsync(Small with { Orders = 50_000 }, Token));

        await kill!;
        await server.RestartAsync();
        Assert.Equal(schema, await SchemaDescription.OfEverythingAsync(database));
        Assert.Equal(before, await HashAsync(source));
    }

    [Fact]
    public async Task Seed_AnotherSeedingAtWork_IsRefused()
    {
        await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 10 }, Token);
        await using var other = await Source.OpenConnectionAsync(Token);
        await using var held = await AdvisoryLock.AcquireAsync(other, AdvisoryLock.Filling, Token);
        await using var command = new NpgsqlCommand("SELECT 1", other);

        // The shop is not looked at again while another fills it, so this is about a shop that is filled.
        var seeding = new DatabaseSeeder(Source).SeedAsync(Small, Token);

        var refused = await Assert.ThrowsAsync<SeedingException>(() => seeding.Within("the refusal"));
        Assert.Contains("Another seeding", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_NoProductsLeft_IsRefused()
    {
        await new DatabaseSeeder(Source).SeedAsync(Small with { Orders = 1 }, Token);
        await RunAsync("TRUNCATE order_items; DELETE FROM products");

        var refused = await Assert.ThrowsAsync<SeedingException>(() => new DatabaseSeeder(Source).SeedAsync(Small, Token));

        Assert.Contains("add some first", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "2026-01-01")]
    [InlineData(SeedingOptions.OrdersMax + 1, 1, "2026-01-01")]
    [InlineData(10, -1, "2026-01-01")]
    [InlineData(10, 25, "2026-01-01")]
    [InlineData(10, 1, "0001-01-01")]
    [InlineData(10, 1, "9999-12-31")]
    public async Task Seed_OptionsOutOfRange_AreRefusedBeforeAnythingIsDone(int orders, int eventMonths, string until)
    {
        var options = new SeedingOptions
        {
            Orders = orders,
            EventMonths = eventMonths,
            Until = DateOnly.Parse(until, System.Globalization.CultureInfo.InvariantCulture),
        };

        await Assert.ThrowsAsync<SeedingException>(() => new DatabaseSeeder(Source).SeedAsync(options, Token));

        Assert.Equal(0L, await AskAsync("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"));
    }

    /// <summary>Of all rows, order included; times of products are the database's own.</summary>
    private static async Task<object?> HashAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            SELECT md5(concat_ws('/',
                (SELECT string_agg(md5(concat_ws('|', user_id, name, country)), '' ORDER BY user_id) FROM users),
                (SELECT string_agg(md5(concat_ws('|', product_id, name, price)), '' ORDER BY product_id) FROM products),
                (SELECT string_agg(md5(orders::text), '' ORDER BY order_id) FROM orders),
                (SELECT string_agg(md5(order_items::text), '' ORDER BY order_id, line_no) FROM order_items),
                (SELECT string_agg(md5(user_events::text), '' ORDER BY event_id) FROM user_events)))
            """);
        return await command.ExecuteScalarAsync(Token);
    }

    private async Task<object?> CountAsync(string from, NpgsqlDataSource? source = null) => await AskAsync($"SELECT count(*) FROM {from}", source);

    private async Task<object?> AskAsync(string sql, NpgsqlDataSource? source = null)
    {
        await using var command = (source ?? Source).CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private sealed class Watch(Action<SeedingProgress> report) : IProgress<SeedingProgress>
    {
        public void Report(SeedingProgress value) => report(value);
    }
}
