using Npgsql;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Feed;

/// <summary>One unchanging view of the shop. For one reader at a time.</summary>
public sealed class FeedSnapshot : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    internal FeedSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, FeedMoment moment)
    {
        _connection = connection;
        _transaction = transaction;
        Moment = moment;
    }

    /// <summary>When it was taken.</summary>
    public FeedMoment Moment { get; }

    /// <summary>Every product by id; or those that were written or sold since, by the time of writing and the id.</summary>
    public IAsyncEnumerable<IndexedProduct> ProductsAsync(DateTimeOffset? since, CancellationToken cancellationToken) =>
        ShopFeed.ReadAsync(_connection, since, cancellationToken);

    /// <summary>Ids of the products that were deleted since.</summary>
    public async Task<IReadOnlyList<string>> DeletedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT product_id FROM deleted_products WHERE deleted_at >= $1 ORDER BY deleted_at, product_id", _connection)
        {
            Parameters = { new() { Value = since.UtcDateTime } },
        };
        var ids = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>How many products there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM products", _connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Orders by day (UTC): of all days; or of those that have an order with a number above this one, whole.
    /// </summary>
    public async Task<IReadOnlyList<DailyOrders>> OrdersByDayAsync(long afterOrderId, CancellationToken cancellationToken)
    {
        const string days = """
            SELECT date_trunc('day', o.created_at, 'UTC') AS day, count(DISTINCT o.order_id), coalesce(sum(i.quantity), 0),
                coalesce(sum(i.quantity * i.unit_price) FILTER (WHERE o.status NOT IN ('cancelled', 'returned')), 0),
                count(DISTINCT o.user_id), count(DISTINCT o.order_id) FILTER (WHERE o.status IN ('cancelled', 'returned')), max(o.order_id)
            FROM orders o LEFT JOIN order_items i USING (order_id)
            WHERE $1 < 0 OR date_trunc('day', o.created_at, 'UTC') IN (
                SELECT date_trunc('day', n.created_at, 'UTC') FROM orders n WHERE n.order_id > $1)
            GROUP BY day ORDER BY day
            """;
        await using var command = new NpgsqlCommand(days, _connection) { CommandTimeout = 0, Parameters = { new() { Value = afterOrderId } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<DailyOrders>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new DailyOrders
            {
                Day = DateOnly.FromDateTime(reader.GetFieldValue<DateTime>(0)),
                Orders = reader.GetInt64(1),
                Pieces = reader.GetInt64(2),
                Revenue = reader.GetDecimal(3),
                Customers = reader.GetInt64(4),
                Cancelled = reader.GetInt64(5),
                NewestOrderId = reader.GetInt64(6),
            });
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
