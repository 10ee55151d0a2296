using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Postgres.Schema;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>Gives a shop that never had a product the seeded ones, and the seeded people: what the embedded catalogue starts with.</summary>
public sealed partial class ShopFiller(
    NpgsqlDataSource source, IOptions<CatalogueOptions> options, ILogger<ShopFiller>? logger = null)
{
    /// <summary>How many people the shop has, as everywhere they are seeded.</summary>
    public const int Users = 5_000;

    private readonly ILogger _logger = logger ?? NullLogger<ShopFiller>.Instance;

    /// <summary>
    /// Fills it unless it has, or had, products; answers whether it did. Several processes may call it at once: they take turns, and one
    /// fills. <see cref="CatalogueOptions.SeedProducts"/> of 0 leaves it empty.
    /// </summary>
    public async Task<bool> FillWhenEmptyAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Value;
        if (wanted.SeedProducts == 0)
        {
            return false;
        }

        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (!await IsNewAsync(connection, cancellationToken))
        {
            // Nobody has to wait for a long seeding, which holds the lock, to learn that the shop is filled.
            return false;
        }

        await using var held = await AdvisoryLock.AcquireAsync(connection, AdvisoryLock.Filling, cancellationToken);
        if (!await IsNewAsync(connection, cancellationToken))
        {
            return false;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AddUsersAsync(connection, SeededUsers.Generate(Users, wanted.Seed), cancellationToken);
        await ProductTable.UpsertAsync(connection, SeededCatalogue.Generate(wanted.SeedProducts, wanted.Seed), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogFilled(wanted.SeedProducts, Users);
        return true;
    }

    /// <summary>Adds those that are not there.</summary>
    internal static async Task AddUsersAsync(
        NpgsqlConnection connection, IReadOnlyList<ShopUser> users, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO users (user_id, name) SELECT * FROM unnest($1, $2) ON CONFLICT (user_id) DO NOTHING", connection)
        {
            Parameters =
            {
                new() { Value = users.Select(user => user.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = users.Select(user => user.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A shop whose products were all deleted is not new.</summary>
    private static async Task<bool> IsNewAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT NOT EXISTS (SELECT FROM products) AND NOT EXISTS (SELECT FROM deleted_products)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The shop in PostgreSQL was empty: filled with {Products} products and {Users} users")]
    private partial void LogFilled(int products, int users);
}
