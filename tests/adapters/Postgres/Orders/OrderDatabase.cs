using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Orders;
using Reco.Adapters.Postgres.Schema;

namespace Reco.Adapters.Tests.Postgres.Orders;

/// <summary>A database with the shop's schema, an order store on it, and plain SQL beside it.</summary>
internal sealed class OrderDatabase : IAsyncDisposable
{
    private OrderDatabase(PostgresOptions options)
    {
        Source = PostgresRegistration.CreateDataSource(options);
        Store = new PostgresOrderStore(options);
    }

    public NpgsqlDataSource Source { get; }

    public PostgresOrderStore Store { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<OrderDatabase> CreateAsync(string connectionString, bool migrate = true)
    {
        var database = new OrderDatabase(new PostgresOptions { ConnectionString = connectionString });
        if (migrate)
        {
            await new SchemaMigrator(database.Source).MigrateAsync(Cancel);
        }

        return database;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>Each order as one line, in the order of their ids.</summary>
    public async Task<List<OrderLine>> OrdersAsync()
    {
        await using var command = Source.CreateCommand("""
            SELECT event_id, user_id, status, total, created_at, line_no, product_id, quantity, unit_price
            FROM orders LEFT JOIN order_items USING (order_id) ORDER BY order_id, line_no
            """);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var lines = new List<OrderLine>();
        while (await reader.ReadAsync(Cancel))
        {
            lines.Add(new OrderLine(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetDecimal(3),
                new DateTimeOffset(reader.GetDateTime(4)).ToUnixTimeMilliseconds(),
                reader.GetInt16(5), reader.GetString(6), reader.GetInt32(7), reader.GetDecimal(8)));
        }

        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Source.DisposeAsync();
    }
}

/// <summary>An order and one of its items.</summary>
internal sealed record OrderLine(
    string EventId, string UserId, string Status, decimal Total, long CreatedAtMs, short LineNo, string ProductId, int Quantity, decimal UnitPrice);
