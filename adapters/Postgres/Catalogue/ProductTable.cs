using Npgsql;
using NpgsqlTypes;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>Reads and writes <c>products</c>.</summary>
internal static class ProductTable
{
    private const string Select = "SELECT product_id, name, category, brand, price, stock FROM products";

    /// <summary>Sorted, so that two writers of the same products cannot wait for each other in a circle.</summary>
    private const string Upsert = """
        INSERT INTO products (product_id, name, category, brand, price, stock)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS given (product_id, name, category, brand, price, stock)
        ORDER BY given.product_id COLLATE "C"
        ON CONFLICT (product_id) DO UPDATE SET
            name = excluded.name, category = excluded.category, brand = excluded.brand, price = excluded.price, stock = excluded.stock
        WHERE (products.name, products.category, products.brand, products.price, products.stock)
            IS DISTINCT FROM (excluded.name, excluded.category, excluded.brand, excluded.price, excluded.stock)
        """;

    /// <summary>As numeric(12,2) would round it.</summary>
    public static Product AsStored(Product product) =>
        product with { Price = Math.Round(product.Price, 2, MidpointRounding.AwayFromZero) };

    /// <summary>Adds or replaces products, of which there must be no two with one id.</summary>
    public static async Task UpsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Product> products, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Upsert, connection)
        {
            Parameters =
            {
                Array(products.Select(product => product.Id), NpgsqlDbType.Text),
                Array(products.Select(product => product.Name), NpgsqlDbType.Text),
                Array(products.Select(product => product.Category), NpgsqlDbType.Text),
                Array(products.Select(product => product.Brand), NpgsqlDbType.Text),
                Array(products.Select(product => product.Price), NpgsqlDbType.Numeric),
                Array(products.Select(product => product.Stock), NpgsqlDbType.Integer),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All of them, or those that changed since.</summary>
    public static async Task<List<Product>> ReadAsync(
        NpgsqlConnection connection, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(since is null ? Select : Select + " WHERE updated_at >= $1", connection);
        if (since is { } moment)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = moment.UtcDateTime });
        }

        var products = new List<Product>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            products.Add(new Product
            {
                Id = reader.GetString(0),
                Name = reader.GetString(1),
                Category = reader.GetString(2),
                Brand = reader.GetString(3),
                Price = PriceOf(reader),
                Stock = reader.GetInt32(5),
            });
        }

        return products;
    }

    /// <summary>Ids of the products that were deleted since.</summary>
    public static async Task<List<string>> ReadDeletedAsync(
        NpgsqlConnection connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT product_id FROM deleted_products WHERE deleted_at >= $1", connection)
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

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

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
}
