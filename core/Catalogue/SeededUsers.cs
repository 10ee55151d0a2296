using System.Globalization;
using Reco.Core.Catalogue.Seeds;
using Reco.Core.Hashing;

namespace Reco.Core.Catalogue;

/// <summary>The people of the seeded shop. The same seed gives the same people; fewer are the first of more.</summary>
public static class SeededUsers
{
    /// <summary>Seed of the default people.</summary>
    public const ulong DefaultSeed = SeededCatalogue.DefaultSeed;

    /// <summary>Most users that can be asked for.</summary>
    public const int UsersMax = 10_000_000;

    /// <summary>Users `user_000001`, `user_000002`, ... in order of their number. As in life, some share a name.</summary>
    /// <param name="users">How many, 0 to <see cref="UsersMax"/>.</param>
    /// <param name="seed">Which people.</param>
    public static IReadOnlyList<ShopUser> Generate(int users = 5000, ulong seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(users);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(users, UsersMax);
        var people = new ShopUser[users];
        for (var i = 0; i < users; i++)
        {
            var random = new SeedRandom(StableHash.Combine(~seed, (ulong)i));
            var name = $"{random.Pick(SeedNames.Given)} {random.Pick(SeedNames.Family)}";
            people[i] = new ShopUser("user_" + (i + 1).ToString("D6", CultureInfo.InvariantCulture), name);
        }

        return Array.AsReadOnly(people);
    }
}
