using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Feed;

/// <summary>The shop's products and orders in PostgreSQL, as a batch reader sees them: all of them by id, or what changed by time.</summary>
public sealed class ShopFeed(NpgsqlDataSource source)
{
    /// <summary>Held while an index is filled from this database. "reco" in ASCII, and a number.</summary>
    private const long LockKey = 0x7265_636f_0000_0010;

    /// <summary>
    /// The sessions of other users show neither state nor start to one who may not see them: such a transaction is taken to be an hour old at most.
    /// </summary>
    private const string Moment = """
        SELECT now(), pg_current_xact_id()::text, pg_snapshot_xmin(pg_current_snapshot())::text,
            (SELECT least(now(), min(xact_start), CASE WHEN bool_or(state IS NULL) THEN now() - interval '1 hour' END)
             FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database())
        """;

    /// <summary>Popularity: pieces sold in the 30 days before the newest order, so that an old file has popular products too.</summary>
    private const string Select = """
        SELECT p.product_id, p.name, p.category, p.brand, p.price, p.stock, coalesce((
            SELECT sum(i.quantity) FROM order_items i JOIN orders o USING (order_id)
            WHERE i.product_id = p.product_id AND o.status NOT IN ('cancelled', 'returned')
                AND o.created_at > (SELECT max(created_at) FROM orders) - interval '30 days'), 0)::double precision, p.updated_at
        FROM products p
        """;

    /// <summary>Takes the right to fill the index, which goes with the connection; null when another process has it.</summary>
    public async Task<IAsyncDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                return new HeldLock(connection, LockKey);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    /// <summary>The present moment.</summary>
    public async Task<FeedMoment> MomentAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await MomentAsync(connection, cancellationToken);
    }

    /// <summary>The next products by id.</summary>
    public async Task<IReadOnlyList<IndexedProduct>> PageAsync(string? afterId, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            Select + " WHERE $1::text IS NULL OR p.product_id > $1 ORDER BY p.product_id LIMIT $2", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = afterId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<IndexedProduct>(limit);
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(Read(reader));
        }

        return page;
    }

    /// <summary>A snapshot of the database that stays as it is while it is read; to be disposed.</summary>
    public async Task<FeedSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            return new FeedSnapshot(connection, transaction, await MomentAsync(connection, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal static async IAsyncEnumerable<IndexedProduct> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const string changed = """
             WHERE p.updated_at >= $1 OR p.product_id IN (
                SELECT i.product_id FROM orders o JOIN order_items i USING (order_id) WHERE o.created_at >= $1)
             ORDER BY p.updated_at, p.product_id
            """;
        await using var command = new NpgsqlCommand(Select + (since is null ? " ORDER BY p.product_id" : changed), connection) { CommandTimeout = 0 };
        if (since is { } moment)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = moment.UtcDateTime });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return Read(reader);
        }
    }

    private static async Task<FeedMoment> MomentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Moment, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new FeedMoment(
            reader.GetFieldValue<DateTimeOffset>(0),
            ulong.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
            ulong.Parse(reader.GetString(2), CultureInfo.InvariantCulture),
            reader.GetFieldValue<DateTimeOffset>(3));
    }

    private static IndexedProduct Read(NpgsqlDataReader reader) => new(
        new Product
        {
            Id = reader.GetString(0),
            Name = reader.GetString(1),
            Category = reader.GetString(2),
            Brand = reader.GetString(3),
            Price = PriceOf(reader),
            Stock = reader.GetInt32(5),
        },
        reader.GetDouble(6));

    /// <summary>numeric has NaN, which passes a check of >= 0; no rule of ours does.</summary>
    private static decimal PriceOf(NpgsqlDataReader reader)
    {
        try
        {
            return reader.GetDecimal(4);
        }
        catch (Exception none) when (none is OverflowException or InvalidCastException)
        {
            return -1;
        }
    }

    private sealed class HeldLock(NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // A broken connection has lost its locks already; one that goes back to the pool would keep them.
            if (connection.State == ConnectionState.Open)
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = key } } };
                await command.ExecuteNonQueryAsync();
            }

            await connection.DisposeAsync();
        }
    }
}
