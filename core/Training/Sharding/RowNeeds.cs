using System.Numerics;

namespace Reco.Core.Training.Sharding;

/// <summary>
/// Counts, user by user, which factor rows the silos of a grid need from each other: a silo needs a row when one of its pairs has that user or item
/// and the row's home is another silo. One pass, a word an item; users are done when they have been added.
/// </summary>
public sealed class RowNeeds
{
    private readonly SiloGrid _grid;
    private readonly byte[] _homeOfItem;
    private readonly ulong[] _silosOfItem;
    private readonly long[] _pairs;
    private readonly long[] _userRowsNeeded;
    private readonly long[] _userRowsLent;

    /// <summary>Nothing yet; items are 0 to <paramref name="items"/> - 1.</summary>
    public RowNeeds(SiloGrid grid, int items)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        _grid = grid;
        _homeOfItem = new byte[items];
        _silosOfItem = new ulong[items];
        for (var item = 0; item < items; item++)
        {
            _homeOfItem[item] = (byte)grid.HomeOfItem(item);
        }

        _pairs = new long[grid.Silos];
        _userRowsNeeded = new long[grid.Silos];
        _userRowsLent = new long[grid.Silos];
    }

    /// <summary>The grid.</summary>
    public SiloGrid Grid => _grid;

    /// <summary>Adds a user with all items of theirs; each user once, each item once a user.</summary>
    public void AddUser(int user, ReadOnlySpan<int> items)
    {
        var home = _grid.HomeOfUser(user);
        var silos = 0UL;
        foreach (var item in items)
        {
            var place = _grid.PlaceOf(home, _homeOfItem[item]);
            _silosOfItem[item] |= 1UL << place;
            silos |= 1UL << place;
            _pairs[place]++;
        }

        Count(silos, home, _userRowsNeeded, _userRowsLent);
    }

    /// <summary>The counts of what has been added.</summary>
    public RowNeedCounts Counts()
    {
        var needed = new long[_grid.Silos];
        var lent = new long[_grid.Silos];
        for (var item = 0; item < _silosOfItem.Length; item++)
        {
            Count(_silosOfItem[item], _homeOfItem[item], needed, lent);
        }

        return new RowNeedCounts
        {
            Pairs = [.. _pairs],
            UserRowsNeeded = [.. _userRowsNeeded],
            UserRowsLent = [.. _userRowsLent],
            ItemRowsNeeded = needed,
            ItemRowsLent = lent,
        };
    }

    private static void Count(ulong silos, int home, long[] needed, long[] lent)
    {
        var others = silos & ~(1UL << home);
        lent[home] += BitOperations.PopCount(others);
        for (; others != 0; others &= others - 1)
        {
            needed[BitOperations.TrailingZeroCount(others)]++;
        }
    }
}

/// <summary>What <see cref="RowNeeds"/> counted, each list by silo.</summary>
public sealed record RowNeedCounts
{
    /// <summary>Pairs that the silo holds: its share of the arithmetic.</summary>
    public required IReadOnlyList<long> Pairs { get; init; }

    /// <summary>User rows that the silo's pairs need and that live elsewhere.</summary>
    public required IReadOnlyList<long> UserRowsNeeded { get; init; }

    /// <summary>How often user rows of the silo are needed elsewhere.</summary>
    public required IReadOnlyList<long> UserRowsLent { get; init; }

    /// <summary>Item rows that the silo's pairs need and that live elsewhere.</summary>
    public required IReadOnlyList<long> ItemRowsNeeded { get; init; }

    /// <summary>How often item rows of the silo are needed elsewhere.</summary>
    public required IReadOnlyList<long> ItemRowsLent { get; init; }
}
