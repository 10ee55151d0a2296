using System.Data;
using System.Globalization;
using Npgsql;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>What one look at the tables found.</summary>
/// <param name="IsFull">Whether it is all there is; otherwise what changed, and perhaps some more.</param>
/// <param name="Products">Products as they are now.</param>
/// <param name="Deleted">Ids that are no more; of a full reading, empty.</param>
internal sealed record CatalogueReading(bool IsFull, IReadOnlyList<Product> Products, IReadOnlyList<string> Deleted)
{
    private const string Moment =
        "SELECT now(), pg_current_xact_id()::text, pg_snapshot_xmin(pg_current_snapshot())::text";

    /// <summary>Takes it, in one snapshot; the watermark must be thrown away when this throws.</summary>
    public static async Task<CatalogueReading> TakeAsync(
        NpgsqlDataSource source, ChangeWatermark watermark, bool all, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var since = await AdvanceAsync(connection, watermark, cancellationToken);
        var isFull = all || since is null;
        var products = await ProductTable.ReadAsync(connection, isFull ? null : since, cancellationToken);
        var deleted = isFull ? [] : await ProductTable.ReadDeletedAsync(connection, since!.Value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new CatalogueReading(isFull, products, deleted);
    }

    private static async Task<DateTimeOffset?> AdvanceAsync(
        NpgsqlConnection connection, ChangeWatermark watermark, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Moment, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return watermark.Advance(
            reader.GetFieldValue<DateTimeOffset>(0),
            ulong.Parse(reader.GetString(1), CultureInfo.InvariantCulture),
            ulong.Parse(reader.GetString(2), CultureInfo.InvariantCulture));
    }
}
