using Npgsql;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Schema;
using Reco.GrainInterfaces;

namespace Reco.EndToEnd.Tests;

/// <summary>The orders in a database, read with plain SQL, and compared with events.</summary>
internal sealed class ShopOrders : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ShopOrders(string connectionString) =>
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });

    /// <summary>On a new database, with the schema.</summary>
    public static async Task<ShopOrders> CreateAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var source = PostgresRegistration.CreateDataSource(new PostgresOptions { ConnectionString = connectionString });
        await new SchemaMigrator(source).MigrateAsync(cancellationToken);
        return new ShopOrders(connectionString);
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken) => await ScalarAsync("SELECT count(*) FROM orders", cancellationToken);

    public async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Every purchase is one order with one item: user, time, product, quantity, price and total; and no other order is there.</summary>
    public async Task AssertAreAsync(IReadOnlyDictionary<string, ShopEvent> purchases, CancellationToken cancellationToken)
    {
        var wrong = new List<string>();
        var seen = new HashSet<string>();
        await using var command = _source.CreateCommand("""
            SELECT event_id, user_id, status, total, created_at, line_no, product_id, quantity, unit_price
            FROM orders LEFT JOIN order_items USING (order_id)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            var actual = (reader.GetString(1), reader.GetString(2), reader.GetDecimal(3), reader.GetDateTime(4), reader.GetInt16(5), reader.GetString(6), reader.GetInt32(7), reader.GetDecimal(8));
            if (!seen.Add(id) || !purchases.TryGetValue(id, out var purchase))
            {
                wrong.Add($"{id}: {(purchases.ContainsKey(id) ? "twice" : "no purchase")}");
            }
            else if (actual != Expected(purchase))
            {
                wrong.Add($"{id}: {actual}, not {Expected(purchase)}");
            }
        }

        wrong.AddRange(purchases.Keys.Except(seen).Select(id => $"{id}: missing"));
        Assert.Empty(wrong.Take(10));
        Assert.Equal(purchases.Count, seen.Count);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static (string, string, decimal, DateTime, short, string, int, decimal) Expected(ShopEvent purchase) => (
        purchase.UserId,
        "paid",
        decimal.Round((purchase.Quantity ?? 1) * (purchase.UnitPrice ?? 0), 2, MidpointRounding.AwayFromZero),
        DateTimeOffset.FromUnixTimeMilliseconds(purchase.TimestampMs).UtcDateTime,
        1,
        purchase.ProductId!,
        purchase.Quantity ?? 1,
        decimal.Round(purchase.UnitPrice ?? 0, 2, MidpointRounding.AwayFromZero));
}
