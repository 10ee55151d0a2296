using System.Globalization;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Orders;

/// <summary>Purchases that PostgreSQL refuses, and a PostgreSQL that is not there.</summary>
public sealed class OrderStoreFaultTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The largest quantity at the largest price is the one valid event whose total the column cannot hold.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(50, 0)]
    [InlineData(50, 49)]
    [InlineData(50, 7, 8, 31)]
    [InlineData(3, 0, 1, 2)]
    [InlineData(40, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39)]
    public async Task AddAsync_TotalsTooLarge_RefusesTheseAndAddsAllOthers(int purchases, params int[] bad)
    {
        await using var database = await NewAsync();
        var batch = Enumerable.Range(0, purchases).Select(i => bad.Contains(i) ? Buy(i, 1_000_000, 1_000_000m) : Buy(i, 1, 1m)).ToList();
        var outcome = await database.Store.AddAsync(batch, Cancel);
        Assert.Equal(bad, outcome.Refused.Select(r => r.Index));
        Assert.All(outcome.Refused, r => Assert.Contains("numeric field overflow (22003)", r.Reason, StringComparison.Ordinal));
        Assert.Equal(purchases - bad.Length, outcome.Added);
        Assert.Equal(batch.Where((_, i) => !bad.Contains(i)).Select(p => p.EventId), (await database.OrdersAsync()).Select(o => o.EventId));
    }

    [Fact]
    public async Task AddAsync_ConstraintOfTheOperators_RefusesWhatBreaksIt()
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync("ALTER TABLE orders ADD CONSTRAINT small CHECK (total < 100)");
        var outcome = await database.Store.AddAsync([Buy(0, 1, 5m), Buy(1, 1, 100m), Buy(2, 1, 99.99m)], Cancel);
        Assert.Equal((2, 1), (outcome.Added, Assert.Single(outcome.Refused).Index));
        Assert.Contains("\"small\"", outcome.Refused[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xD800)]
    public async Task AddAsync_TextThatIsNoneToPostgres_IsRefusedAlone(int unit)
    {
        await using var database = await NewAsync();
        var outcome = await database.Store.AddAsync([Buy(0, 1, 5m), Buy(1, 1, 5m) with { EventId = $"id{(char)unit}" }, Buy(2, 1, 5m)], Cancel);
        Assert.Equal((2, 1), (outcome.Added, Assert.Single(outcome.Refused).Index));
        Assert.Equal(1, (await database.Store.AddAsync([Buy(3, 1, 5m)], Cancel)).Added);
    }

    /// <summary>What refuses everything is the schema; dead letters would bury every order of the shop.</summary>
    [Fact]
    public async Task AddAsync_EverythingRefusedByConstraints_FailsAsAWholeUntilTheSchemaIsMended()
    {
        await using var database = await NewAsync();
        await database.ExecuteAsync("ALTER TABLE orders ADD COLUMN branch text NOT NULL");
        var batch = Enumerable.Range(0, 30).Select(i => Buy(i, 1, 1m)).ToList();
        var failure = await Assert.ThrowsAsync<OrderStoreException>(async () => await database.Store.AddAsync(batch, Cancel));
        Assert.Contains("branch", failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync("ALTER TABLE orders DROP COLUMN branch");
        Assert.Equal(30, (await database.Store.AddAsync(batch, Cancel)).Added);
    }

    [Fact]
    public async Task AddAsync_NoSchemaYet_FailsAndWorksOnceItIsThere()
    {
        await using var database = await OrderDatabase.CreateAsync(await postgres.NewDatabaseAsync(), migrate: false);
        var failure = await Assert.ThrowsAsync<OrderStoreException>(async () => await database.Store.AddAsync([Buy(1, 1, 1m)], Cancel));
        Assert.Contains("\"users\" does not exist", failure.Message, StringComparison.Ordinal);
        await new Reco.Adapters.Postgres.Schema.SchemaMigrator(database.Source).MigrateAsync(Cancel);
        Assert.Equal(1, (await database.Store.AddAsync([Buy(1, 1, 1m)], Cancel)).Added);
    }

    [Fact]
    public async Task AddAsync_Cancelled_AddsNothingAndTheNextCallWorks()
    {
        await using var database = await NewAsync();
        await using var blocker = await database.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await blocker.BeginTransactionAsync(Cancel);
        await using var command = new Npgsql.NpgsqlCommand("LOCK TABLE orders", blocker, transaction);
        await command.ExecuteNonQueryAsync(Cancel);
        using var cancel = new CancellationTokenSource();
        var adding = database.Store.AddAsync([Buy(1, 1, 1m)], cancel.Token).AsTask();
        await Deadline.Until(
            () => database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"), "the batch waits for the table");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adding).Within("the cancelled call");
        await transaction.RollbackAsync(Cancel);
        Assert.Empty(await database.OrdersAsync());
        Assert.Equal(1, (await database.Store.AddAsync([Buy(1, 1, 1m)], Cancel)).Added);
    }

    /// <summary>The server is set to acknowledge commits before it writes them, and not to write them for 10 s: kill -9 would lose them.</summary>
    [Fact]
    public async Task AddAsync_ServerKilledAtOnceAfterIt_KeepsTheOrdersWhateverTheServerIsSetTo()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions
        {
            SharedBuffersMb = 32,
            Settings = new Dictionary<string, string> { ["synchronous_commit"] = "off", ["wal_writer_delay"] = "10000ms" },
        });
        await using var database = await OrderDatabase.CreateAsync(await server.CreateDatabaseAsync("reco"));
        var kept = 0;
        for (; kept < 3; kept++)
        {
            Assert.Equal(1, (await database.Store.AddAsync([Buy(kept, 1, 1m)], Cancel)).Added);
            await server.KillAsync();
            var failure = await Assert.ThrowsAsync<OrderStoreException>(async () => await database.Store.AddAsync([Buy(100, 1, 1m)], Cancel));
            Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
            await server.RestartAsync();
            database.Source.Clear();
            Assert.Equal(kept + 1, await database.ScalarAsync<long>("SELECT count(*) FROM orders"));
        }

        Assert.Equal(1, (await database.Store.AddAsync([Buy(kept, 1, 1m)], Cancel)).Added);
    }

    private async Task<OrderDatabase> NewAsync() => await OrderDatabase.CreateAsync(await postgres.NewDatabaseAsync());

    private static Purchase Buy(int id, int quantity, decimal price) =>
        new(id.ToString("0000", CultureInfo.InvariantCulture), $"u{id % 7}", $"p{id % 5}", quantity, price, 1_700_000_000_000);
}
