namespace Reco.Core.Als;

/// <summary>Collects users' rows into an <see cref="InteractionMatrix"/>. Not thread-safe.</summary>
public sealed class InteractionMatrixBuilder
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    /// <summary>The last row (from 1) that named the item; 0 for none. Finds duplicates without a set per row.</summary>
    private readonly int[] _lastRow;

    /// <summary>A builder of a matrix over <paramref name="items"/> items.</summary>
    public InteractionMatrixBuilder(int items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        _lastRow = new int[items];
    }

    /// <summary>
    /// Adds the next user's row, which may be empty, and answers the user's index. A row that breaks a rule is not added.
    /// </summary>
    /// <exception cref="ArgumentException">An item twice or out of range, or a weight that is not finite and above 0.</exception>
    public int AddRow(ReadOnlySpan<WeightedItem> row)
    {
        var user = _offsets.Count - 1;
        for (var i = 0; i < row.Length; i++)
        {
            var error = ErrorOf(row[i], user + 1);
            if (error is not null)
            {
                foreach (var (item, _) in row[..i])
                {
                    _lastRow[item] = 0;
                }

                throw new ArgumentException($"Row {user}, entry {i}: {error}", nameof(row));
            }

            _lastRow[row[i].Item] = user + 1;
        }

        foreach (var (item, weight) in row)
        {
            _columns.Add(item);
            _values.Add(weight);
        }

        _offsets.Add(_columns.Count);
        return user;
    }

    /// <summary>The matrix of all rows added so far.</summary>
    public InteractionMatrix Build()
    {
        var byUser = new SparseRows([.. _offsets], [.. _columns], [.. _values]);
        return new InteractionMatrix(byUser, byUser.Transpose(_lastRow.Length));
    }

    private string? ErrorOf(WeightedItem entry, int rowNumber) => entry switch
    {
        _ when (uint)entry.Item >= (uint)_lastRow.Length => $"item {entry.Item} is not 0 to {_lastRow.Length - 1}.",
        _ when !(entry.Weight > 0 && float.IsFinite(entry.Weight)) => $"weight {entry.Weight} is not finite and above 0.",
        _ when _lastRow[entry.Item] == rowNumber => $"item {entry.Item} is there twice.",
        _ => null,
    };
}
