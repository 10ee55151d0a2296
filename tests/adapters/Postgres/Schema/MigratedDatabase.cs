using Npgsql;
using Reco.Adapters.Postgres.Schema;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

/// <summary>A new database with the newest schema.</summary>
internal static class MigratedDatabase
{
    public static async Task<NpgsqlDataSource> OpenAsync(PostgresFixture postgres)
    {
        var source = NpgsqlDataSource.Create(await postgres.NewDatabaseAsync());
        await new SchemaMigrator(source).MigrateAsync(TestContext.Current.CancellationToken);
        return source;
    }
}
