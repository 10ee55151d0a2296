using Npgsql;
using NpgsqlTypes;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Core.Catalogue;
using Reco.Core.Hashing;

namespace Reco.Adapters.Postgres.Seeding;

/// <summary>The users that orders are made for: the seeded people everywhere, so many that each orders about once a month.</summary>
internal static class SeededPeople
{
    private const int OrdersPerUser = 24;

    private static readonly string[] Countries = ["GB", "DE", "FR", "US", "NL", "ES", "IT", "SE", "PL", "IE", "BE", "KR"];

    private static readonly WeightedChoice CountryWeights = new([42, 14, 11, 8, 6, 5, 4, 3, 2.5, 2, 1.5, 1]);

    /// <summary>Known users keep their name, and get a country if they have none.</summary>
    private const string Upsert = """
        INSERT INTO users (user_id, name, country, created_at, updated_at)
        SELECT user_id, name, country, created_at, created_at FROM unnest($1, $2, $3, $4) AS given (user_id, name, country, created_at)
        ON CONFLICT (user_id) DO UPDATE SET
            country = coalesce(users.country, excluded.country), created_at = least(users.created_at, excluded.created_at)
        WHERE users.country IS NULL OR users.created_at > excluded.created_at
        """;

    public static int CountFor(int orders) => Math.Clamp(orders / OrdersPerUser, Math.Min(orders, ShopFiller.Users), SeededUsers.UsersMax);

    /// <summary>Adds those that are not there; they joined in the year before the first order.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection, IReadOnlyList<ShopUser> users, DateOnly firstOrder, CancellationToken cancellationToken)
    {
        var countries = new string[users.Count];
        var joined = new DateTime[users.Count];
        for (var i = 0; i < users.Count; i++)
        {
            var random = new SeedingRandom(StableHash.Of(users[i].Id));
            countries[i] = Countries[CountryWeights.Draw(ref random)];
            joined[i] = firstOrder.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddSeconds(-1 - random.Next(365 * 86_400));
        }

        await using var command = new NpgsqlCommand(Upsert, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = users.Select(user => user.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = users.Select(user => user.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = countries, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = joined, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
