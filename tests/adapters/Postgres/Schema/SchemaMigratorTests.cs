using Npgsql;
using Reco.Adapters.Postgres.Schema;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

public sealed class SchemaMigratorTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Migrate_EmptyDatabase_MakesTheTables()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync());

        var applied = await new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, applied);
        await using var command = source.CreateCommand(
            "SELECT string_agg(relname::text, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')");
        Assert.Equal(
            "dead_letters deleted_products order_items orders products schema_migrations user_events user_events_default users",
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Migrate_Again_AppliesNothing()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync());
        await new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Migrate_FourAtOnce_OneAppliesAndAllSucceed()
    {
        var connectionString = await postgres.NewDatabaseAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            // A pool of its own for each, as in a process of its own.
            await using var source = NpgsqlDataSource.Create(connectionString);
            return await new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken);
        }));

        Assert.Equal([0, 0, 0, 1], applied.Order());
    }

    [Fact]
    public async Task Migrate_ServerAway_Throws()
    {
        await using var source = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=reco;Database=none;Timeout=2");

        await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken));
    }
}
