using Npgsql;
using NpgsqlTypes;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Orders;

/// <summary>One batch: staged by COPY, and from there into the tables by a handful of statements, whatever its size.</summary>
internal static class OrderTransaction
{
    private const string Copy =
        "COPY order_staging (line, event_id, user_id, product_id, quantity, unit_price, created_at) FROM STDIN (FORMAT BINARY)";

    /// <summary>In the order of the ids, here and below, so that two batches with the same new ones wait for each other and not in a circle.</summary>
    private const string AddUsers = """
        INSERT INTO users (user_id, name)
        SELECT DISTINCT user_id, user_id FROM order_staging ORDER BY user_id
        ON CONFLICT (user_id) DO NOTHING
        """;

    /// <summary>
    /// None in stock as far as anybody knows, hence not recommended until the catalogue says more. Only the unknown ones are tried: the
    /// table's triggers run for a row before it is found to be there.
    /// </summary>
    private const string AddProducts = """
        INSERT INTO products (product_id, name, category, price, stock)
        SELECT DISTINCT ON (product_id) product_id, product_id, 'unknown', COALESCE(unit_price, 0), 0
        FROM order_staging s
        WHERE NOT EXISTS (SELECT FROM products p WHERE p.product_id = s.product_id)
        ORDER BY product_id, unit_price IS NULL, line
        ON CONFLICT (product_id) DO NOTHING
        """;

    private const string FillPrices = """
        UPDATE order_staging s SET unit_price = p.price
        FROM products p
        WHERE s.unit_price IS NULL AND p.product_id = s.product_id
        """;

    /// <summary>The total is rounded once, half away from zero, and so is the price of the item.</summary>
    private const string AddOrders = """
        WITH added AS (
            INSERT INTO orders (event_id, user_id, status, total, created_at)
            SELECT event_id, user_id, 'paid', round(quantity * COALESCE(unit_price, 0), 2), created_at
            FROM order_staging ORDER BY line
            ON CONFLICT (event_id) DO NOTHING
            RETURNING order_id, event_id)
        INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price)
        SELECT order_id, 1, product_id, quantity, COALESCE(unit_price, 0)
        FROM added JOIN order_staging USING (event_id)
        """;

    /// <summary>Adds those of the purchases that <paramref name="part"/> names, with an event id once, and answers how many were new.</summary>
    public static async Task<int> RunAsync(
        NpgsqlConnection connection, IReadOnlyList<Purchase> purchases, ReadOnlyMemory<int> part, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var lacksPrices = await StageAsync(connection, purchases, part, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AddUsers));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AddProducts));
        if (lacksPrices)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(FillPrices));
        }

        var orders = new NpgsqlBatchCommand(AddOrders);
        batch.BatchCommands.Add(orders);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return orders.RecordsAffected;
    }

    /// <summary>Answers whether some purchase has no price.</summary>
    private static async Task<bool> StageAsync(
        NpgsqlConnection connection, IReadOnlyList<Purchase> purchases, ReadOnlyMemory<int> part, CancellationToken cancellationToken)
    {
        var lacksPrices = false;
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken);
        for (var i = 0; i < part.Length; i++)
        {
            var purchase = purchases[part.Span[i]];
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(i, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(purchase.EventId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(purchase.UserId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(purchase.ProductId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(purchase.Quantity, NpgsqlDbType.Integer, cancellationToken);
            if (purchase.UnitPrice is { } price)
            {
                await copy.WriteAsync(price, NpgsqlDbType.Numeric, cancellationToken);
            }
            else
            {
                lacksPrices = true;
                await copy.WriteNullAsync(cancellationToken);
            }

            var at = DateTimeOffset.FromUnixTimeMilliseconds(purchase.TimestampMs).UtcDateTime;
            await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
        return lacksPrices;
    }
}
