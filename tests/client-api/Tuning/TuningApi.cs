using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Schema;
using Reco.Adapters.Postgres.Tuning;
using Reco.ClientApi.Tests.Hosting;

namespace Reco.ClientApi.Tests.Tuning;

/// <summary>The gateway with a laboratory.</summary>
internal static class TuningApi
{
    public static Task<ApiHost> StartAsync(string connectionString, Action<TuningOptions>? configure = null) => ApiHost.StartAsync(services: services =>
    {
        services.AddPostgres(options => options.ConnectionString = connectionString);
        services.AddTuningLab(options =>
        {
            (options.Runs, options.RunsMin) = (2, 1);
            configure?.Invoke(options);
        });
    });

    /// <summary>A few hundred orders, one an hour.</summary>
    public static async Task SeedAsync(string connectionString, int orders = 500)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(source, null).MigrateAsync(CancellationToken.None);
        foreach (var sql in (string[])[
            "INSERT INTO users SELECT 'user-' || i, 'User ' || i, 'DE', '2023-12-31', '2023-12-31' FROM generate_series(1, 50) i",
            "INSERT INTO products SELECT 'product-' || i, 'Product ' || i, 'category-' || i % 4, 'brand-' || i % 2, i, i, '2023-12-31', '2023-12-31' FROM generate_series(1, 50) i",
            $"""
            INSERT INTO orders (event_id, user_id, status, total, created_at)
            SELECT 'seed-' || i, 'user-' || 1 + i % 50, (array['paid','returned'])[1 + i % 2], i, timestamptz '2024-01-01+00' + i * interval '1 hour'
            FROM generate_series(1, {orders}) i
            """,
            "INSERT INTO order_items SELECT order_id, 1, 'product-' || 1 + order_id % 50, 1, 1 FROM orders",
            "VACUUM ANALYZE"])
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
