namespace Reco.Core.Als;

/// <summary>
/// Which user had to do with which item, and how much: weights in compressed rows by user, and the transpose by item.
/// Immutable; made by <see cref="InteractionMatrixBuilder"/>.
/// </summary>
public sealed class InteractionMatrix
{
    internal InteractionMatrix(SparseRows byUser, SparseRows byItem)
    {
        ByUser = byUser;
        ByItem = byItem;
    }

    /// <summary>Users, those with an empty row included.</summary>
    public int Users => ByUser.Count;

    /// <summary>Items, those that no user touched included.</summary>
    public int Items => ByItem.Count;

    /// <summary>User-item pairs.</summary>
    public int Interactions => ByUser.Columns.Length;

    internal SparseRows ByUser { get; }

    internal SparseRows ByItem { get; }

    /// <summary>The items of a user, in the order they were added.</summary>
    public ReadOnlySpan<int> ItemsOf(int user) => ByUser.ColumnsOf(user);

    /// <summary>The weights of a user's items, in the same order.</summary>
    public ReadOnlySpan<float> WeightsOf(int user) => ByUser.ValuesOf(user);

    /// <summary>The users of an item, ascending.</summary>
    public ReadOnlySpan<int> UsersOf(int item) => ByItem.ColumnsOf(item);
}

/// <summary>Compressed sparse rows: row r is entries Offsets[r] to Offsets[r + 1] - 1.</summary>
internal sealed record SparseRows(int[] Offsets, int[] Columns, float[] Values)
{
    public int Count => Offsets.Length - 1;

    public ReadOnlySpan<int> ColumnsOf(int row) => Columns.AsSpan(Offsets[row], Offsets[row + 1] - Offsets[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => Values.AsSpan(Offsets[row], Offsets[row + 1] - Offsets[row]);

    public int LengthOf(int row) => Offsets[row + 1] - Offsets[row];

    public SparseRows MapValues(Func<float, float> map) => this with { Values = Array.ConvertAll(Values, value => map(value)) };

    /// <summary>A counting sort by column: stable, so each transposed row is in ascending order of the original rows.</summary>
    public SparseRows Transpose(int columnCount)
    {
        var offsets = new int[columnCount + 1];
        foreach (var column in Columns)
        {
            offsets[column + 1]++;
        }

        for (var column = 0; column < columnCount; column++)
        {
            offsets[column + 1] += offsets[column];
        }

        var next = offsets.AsSpan(0, columnCount).ToArray();
        var rows = new int[Columns.Length];
        var values = new float[Columns.Length];
        for (var row = 0; row < Count; row++)
        {
            for (var entry = Offsets[row]; entry < Offsets[row + 1]; entry++)
            {
                var place = next[Columns[entry]]++;
                rows[place] = row;
                values[place] = Values[entry];
            }
        }

        return new SparseRows(offsets, rows, values);
    }
}
