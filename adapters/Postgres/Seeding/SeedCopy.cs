using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>Sends invented rows by binary COPY.</summary>
internal sealed class SeedCopy(
    NpgsqlConnection connection, SeedNaming naming, IProgress<SeedingProgress>? progress, CancellationToken cancellationToken)
{
    /// <summary>How many rows go between two looks at the cancellation and the progress: some hundredths of a second.</summary>
    private const int ReportEvery = 16_384;

    public async Task<long> OrdersAsync(IEnumerable<SeededOrder> orders, int total, bool freeze)
    {
        await using var copy = await BeginAsync("orders (order_id, event_id, user_id, status, total, created_at)", freeze);
        var rows = 0L;
        foreach (var order in orders)
        {
            copy.StartRow();
            copy.Write(naming.OrderId(order), NpgsqlDbType.Bigint);
            copy.Write(naming.EventId(order), NpgsqlDbType.Text);
            copy.Write(naming.Users[order.User], NpgsqlDbType.Text);
            copy.Write(order.Status, NpgsqlDbType.Text);
            copy.Write(order.Total, NpgsqlDbType.Numeric);
            copy.Write(order.CreatedAt, NpgsqlDbType.TimestampTz);
            Report("orders", ++rows, total);
        }

        await copy.CompleteAsync(cancellationToken);
        return rows;
    }

    public async Task<long> ItemsAsync(IEnumerable<SeededOrder> orders, int totalOrders, bool freeze)
    {
        await using var copy = await BeginAsync("order_items (order_id, line_no, product_id, quantity, unit_price)", freeze);
        var rows = 0L;
        foreach (var order in orders)
        {
            for (var line = 0; line < order.ItemCount; line++)
            {
                var item = order.Items[line];
                copy.StartRow();
                copy.Write(naming.OrderId(order), NpgsqlDbType.Bigint);
                copy.Write((short)(line + 1), NpgsqlDbType.Smallint);
                copy.Write(naming.Products[item.Product], NpgsqlDbType.Text);
                copy.Write(item.Quantity, NpgsqlDbType.Integer);
                copy.Write(item.UnitPrice, NpgsqlDbType.Numeric);
                rows++;
            }

            Report("items of orders", order.Number, totalOrders);
        }

        await copy.CompleteAsync(cancellationToken);
        return rows;
    }

    /// <summary>Of each item a view a few minutes before the order, and its purchase.</summary>
    public async Task<long> EventsAsync(IEnumerable<SeededOrder> orders, int totalOrders)
    {
        await using var copy = await BeginAsync(
            "user_events (event_id, occurred_at, user_id, product_id, event_type, quantity, unit_price)", freeze: false);
        var rows = 0L;
        var done = 0;
        foreach (var order in orders)
        {
            var name = naming.EventId(order);
            for (var line = 0; line < order.ItemCount; line++)
            {
                var viewed = order.CreatedAt.AddSeconds(-30 - (45 * (order.ItemCount - line)));
                var number = (line + 1).ToString(CultureInfo.InvariantCulture);
                WriteEvent(copy, order, order.Items[line], $"{name}-{number}v", viewed, isPurchase: false);
                WriteEvent(copy, order, order.Items[line], $"{name}-{number}p", order.CreatedAt, isPurchase: true);
                rows += 2;
            }

            Report("events of orders", ++done, totalOrders);
        }

        await copy.CompleteAsync(cancellationToken);
        return rows;
    }

    private void WriteEvent(NpgsqlBinaryImporter copy, SeededOrder order, SeededItem item, string id, DateTime at, bool isPurchase)
    {
        copy.StartRow();
        copy.Write(id, NpgsqlDbType.Text);
        copy.Write(at, NpgsqlDbType.TimestampTz);
        copy.Write(naming.Users[order.User], NpgsqlDbType.Text);
        copy.Write(naming.Products[item.Product], NpgsqlDbType.Text);
        copy.Write(isPurchase ? "purchase" : "view", NpgsqlDbType.Text);
        if (!isPurchase)
        {
            copy.WriteNull();
            copy.WriteNull();
            return;
        }

        copy.Write(item.Quantity, NpgsqlDbType.Integer);
        copy.Write(item.UnitPrice, NpgsqlDbType.Numeric);
    }

    /// <summary>A table that was emptied in this transaction takes frozen rows: they need no second writing by VACUUM.</summary>
    private async Task<NpgsqlBinaryImporter> BeginAsync(string target, bool freeze)
    {
        var importer = await connection.BeginBinaryImportAsync(
            $"COPY {target} FROM STDIN (FORMAT binary{(freeze ? ", FREEZE" : "")})", cancellationToken);

        // Of each answer, not of the whole. Zero is not "for ever" here: Npgsql 10 gives up at once where it has to wait for the server.
        importer.Timeout = TimeSpan.FromHours(1);
        return importer;
    }

    private void Report(string phase, long done, long total)
    {
        if (done % ReportEvery == 0 || done == total)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new SeedingProgress(phase, done, total));
        }
    }
}

/// <summary>What invented users, products and orders are called in the database.</summary>
/// <param name="Seed">Of this seeding.</param>
/// <param name="FirstOrderId">Id of the first order.</param>
/// <param name="Users">Ids by index.</param>
/// <param name="Products">Ids by index.</param>
internal sealed record SeedNaming(ulong Seed, long FirstOrderId, string[] Users, string[] Products)
{
    /// <summary>How the event_id of all seeded rows begins; a live one never does.</summary>
    public const string Prefix = "seed-";

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Seed}-");

    public long OrderId(SeededOrder order) => FirstOrderId + order.Number - 1;

    public string EventId(SeededOrder order) => _prefix + order.Number.ToString("D8", CultureInfo.InvariantCulture);
}
