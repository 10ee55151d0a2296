using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Adapters.Postgres.Schema;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>
/// Fills a database with invented orders. All of it is one transaction, keys and indexes included: stopped or failed at any moment, also by
/// kill -9, it leaves the database as it was, and a second one waits for nothing but says that the first is at work.
/// </summary>
public sealed class DatabaseSeeder(NpgsqlDataSource source, IProgress<SeedingProgress>? progress = null)
{
    private static readonly string[] Tables = ["orders", "order_items"];

    /// <summary>Migrates and fills the shop where needed, makes the orders, and leaves fresh statistics.</summary>
    /// <exception cref="SeedingException">Refused, with what to do; nothing was changed.</exception>
    /// <exception cref="NpgsqlException">The server is away, or refuses; nothing was changed.</exception>
    public async Task<SeedingSummary> SeedAsync(SeedingOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        await new SchemaMigrator(source).MigrateAsync(cancellationToken);
        await new ShopFiller(source, Options.Create(new CatalogueOptions())).FillWhenEmptyAsync(cancellationToken);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var held = await AdvisoryLock.TryAcquireAsync(connection, AdvisoryLock.Filling, cancellationToken)
            ?? throw new SeedingException("Another seeding of this database is at work: wait for it to end.");
        SeedingSummary summary;
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            summary = await SeedAsync(connection, options, cancellationToken);
            progress?.Report(new SeedingProgress("commit", 0, 1));
            await transaction.CommitAsync(cancellationToken);
        }

        // Also marks pages as all-visible, without which an index-only scan is none.
        progress?.Report(new SeedingProgress("vacuum and analyze", 0, 1));
        await RunAsync(connection, "VACUUM (ANALYZE) users, products, orders, order_items, user_events", cancellationToken);
        progress?.Report(new SeedingProgress("vacuum and analyze", 1, 1));
        return summary;
    }

    private static void Check(SeedingOptions options)
    {
        if (options.Orders is < 1 or > SeedingOptions.OrdersMax)
        {
            throw new SeedingException($"Orders must be 1 to {SeedingOptions.OrdersMax:N0}.");
        }

        if (options.EventMonths is < 0 or > 24)
        {
            throw new SeedingException("Months of events must be 0 to 24.");
        }

        if (options.Until < new DateOnly(1972, 1, 1) || options.Until > new DateOnly(2200, 1, 1))
        {
            throw new SeedingException("The orders must end between 1972 and 2200.");
        }
    }

    private async Task<SeedingSummary> SeedAsync(NpgsqlConnection connection, SeedingOptions options, CancellationToken cancellationToken)
    {
        // Half a minute for writers of orders to finish what they are at; those that come after wait until all is done.
        await RunAsync(
            connection,
            "SET LOCAL lock_timeout = '30s'; SET LOCAL maintenance_work_mem = '256MB'; LOCK TABLE orders, order_items IN ACCESS EXCLUSIVE MODE",
            cancellationToken);
        var (seeded, live) = await CountAsync(connection, cancellationToken);
        if (live > 0 && options.LiveOrders == LiveOrders.Refuse)
        {
            throw new SeedingException(
                $"This database has {live:N0} orders that were not made by seeding. --append keeps them beside the seeded ones, --force deletes them.");
        }

        var (ids, prices) = await ReadProductsAsync(connection, cancellationToken);
        var users = SeededUsers.Generate(SeededPeople.CountFor(options.Orders));
        var generator = new OrderGenerator(options.Orders, options.Seed, options.Until, users.Count, prices);
        progress?.Report(new SeedingProgress("users", 0, users.Count));
        await SeededPeople.AddAsync(connection, users, options.Until.AddDays(-OrderCalendar.Days), cancellationToken);
        var rebuild = await TableRebuild.StripAsync(connection, Tables, cancellationToken);
        var keepsLive = live > 0 && options.LiveOrders == LiveOrders.Keep;
        var firstId = await RemoveAsync(connection, keepsLive, cancellationToken);
        var naming = new SeedNaming(options.Seed, firstId, [.. users.Select(user => user.Id)], ids);
        var copy = new SeedCopy(connection, naming, progress, cancellationToken);
        var orders = await copy.OrdersAsync(generator.Orders(), options.Orders, freeze: !keepsLive);
        var items = await copy.ItemsAsync(generator.Orders(), options.Orders, freeze: !keepsLive);
        await rebuild.RestoreAsync(
            step => progress?.Report(new SeedingProgress("keys and indexes", step, rebuild.Steps)), cancellationToken);
        await RunAsync(connection, "SELECT setval(pg_get_serial_sequence('orders', 'order_id'), max(order_id)) FROM orders", cancellationToken);
        var events = await SeedEventsAsync(connection, copy, generator, options, cancellationToken);
        return new SeedingSummary(users.Count, ids.Length, orders, items, events, keepsLive ? seeded : seeded + live);
    }

    private static async Task<(long Seeded, long Live)> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) FILTER (WHERE event_id LIKE '{SeedNaming.Prefix}%'), count(*) FILTER (WHERE event_id NOT LIKE '{SeedNaming.Prefix}%') FROM orders",
            connection)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async Task<(string[] Ids, decimal[] Prices)> ReadProductsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var products = (await ProductTable.ReadAsync(connection, since: null, cancellationToken))
            .Where(product => product.Price >= 0)
            .OrderBy(product => product.Id, StringComparer.Ordinal)
            .ToList();
        return products.Count > 0
            ? ([.. products.Select(product => product.Id)], [.. products.Select(product => product.Price)])
            : throw new SeedingException("This shop's products were all deleted, so there is nothing to order: add some first.");
    }

    /// <summary>Answers the id that the first new order gets.</summary>
    private static async Task<long> RemoveAsync(NpgsqlConnection connection, bool keepsLive, CancellationToken cancellationToken)
    {
        if (!keepsLive)
        {
            await RunAsync(connection, "TRUNCATE order_items, orders RESTART IDENTITY", cancellationToken);
            return 1;
        }

        await RunAsync(
            connection,
            $"""
            DELETE FROM order_items USING orders
                WHERE orders.order_id = order_items.order_id AND orders.event_id LIKE '{SeedNaming.Prefix}%';
            DELETE FROM orders WHERE event_id LIKE '{SeedNaming.Prefix}%'
            """,
            cancellationToken);
        await using var command = new NpgsqlCommand("SELECT coalesce(max(order_id), 0) + 1 FROM orders", connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<long> SeedEventsAsync(
        NpgsqlConnection connection, SeedCopy copy, OrderGenerator generator, SeedingOptions options, CancellationToken cancellationToken)
    {
        await RunAsync(connection, $"DELETE FROM user_events WHERE event_id LIKE '{SeedNaming.Prefix}%'", cancellationToken);
        if (options.EventMonths == 0)
        {
            return 0;
        }

        var end = new DateTimeOffset(options.Until, TimeOnly.MinValue, TimeSpan.Zero);
        var begin = end.AddMonths(-options.EventMonths);
        await UserEventPartitions.EnsureAsync(connection, begin.AddHours(-1), end.AddTicks(-1), cancellationToken);
        var total = generator.Orders().Count(order => order.CreatedAt >= begin);
        return await copy.EventsAsync(generator.Orders().Where(order => order.CreatedAt >= begin), total);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
