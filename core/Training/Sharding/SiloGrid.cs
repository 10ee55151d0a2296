using Reco.Core.Hashing;

namespace Reco.Core.Training.Sharding;

/// <summary>
/// Which silo holds a user-item pair, and which ones a user's and an item's factors. Silos stand in a grid: a pair lies in the row of its user and
/// the column of its item. One column is sharding by user, one row sharding by item, a square two-dimensional blocks.
/// </summary>
public sealed class SiloGrid
{
    /// <summary>Silos at most: which of them need a row is kept as the bits of one word.</summary>
    public const int SilosMax = 64;

    private const ulong UserSalt = 0x75736572;
    private const ulong ItemSalt = 0x6974656d;

    /// <summary>A grid of <paramref name="silos"/>, 1 to <see cref="SilosMax"/>, in so many columns, which must divide them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are not.</exception>
    public SiloGrid(int silos, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silos);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(silos, SilosMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(silos % columns, 0, nameof(columns));
        (Silos, Columns) = (silos, columns);
    }

    /// <summary>All of them.</summary>
    public int Silos { get; }

    /// <summary>Columns of the grid; rows are <see cref="Silos"/> / columns.</summary>
    public int Columns { get; }

    /// <summary>Every pair is where its user's factors are.</summary>
    public static SiloGrid ByUser(int silos) => new(silos, 1);

    /// <summary>Every pair is where its item's factors are.</summary>
    public static SiloGrid ByItem(int silos) => new(silos, silos);

    /// <summary>As near to a square as the number allows.</summary>
    public static SiloGrid Blocks(int silos)
    {
        var columns = (int)Math.Sqrt(silos);
        while (columns > 1 && silos % columns != 0)
        {
            columns--;
        }

        return new SiloGrid(silos, Math.Max(columns, 1));
    }

    /// <summary>The silo that owns a user's factors: the same in every grid of as many silos.</summary>
    public int HomeOfUser(int user) => Bucket(UserSalt, user);

    /// <summary>The silo that owns an item's factors: the same in every grid of as many silos.</summary>
    public int HomeOfItem(int item) => Bucket(ItemSalt, item);

    /// <summary>The silo that holds a pair, from the homes of its two.</summary>
    public int PlaceOf(int homeOfUser, int homeOfItem) => (homeOfUser / Columns * Columns) + (homeOfItem % Columns);

    private int Bucket(ulong salt, int id) => (int)(StableHash.Combine(salt, (uint)id) % (uint)Silos);
}
