using System.Text;

namespace Reco.Core.Als;

/// <summary>
/// The training rows of some users: each user's weighted products. Products are numbered inside, so that a row costs six bytes
/// or so for each. Not safe for concurrent use.
/// </summary>
public sealed class InteractionRows
{
    private const byte FormatVersion = 1;

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _itemNumbers = new(StringComparer.Ordinal);
    private readonly List<string> _items = [];
    private readonly HashSet<int> _inRow = [];
    private List<string>? _sortedUsers;

    /// <summary>Changes whenever a row does.</summary>
    public long Revision { get; private set; }

    /// <summary>User-item pairs.</summary>
    public long Interactions { get; private set; }

    /// <summary>Users that have a row.</summary>
    public int Count => _rows.Count;

    /// <summary>Replaces the user's row; an empty one removes it. Answers whether anything changed.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="itemIds">Products, each once, in the order of the user's first dealing with them; the order is kept.</param>
    /// <param name="weights">Finite weights above 0, as many as products.</param>
    /// <exception cref="ArgumentException">Lengths differ, a product is there twice, or a weight is not finite and above 0.</exception>
    public bool Replace(string userId, ReadOnlySpan<string> itemIds, ReadOnlySpan<float> weights)
    {
        if (itemIds.Length != weights.Length)
        {
            throw new ArgumentException($"{itemIds.Length} products but {weights.Length} weights", nameof(weights));
        }

        _inRow.Clear();
        var row = new Row(new int[itemIds.Length], weights.ToArray());
        for (var i = 0; i < itemIds.Length; i++)
        {
            if (!float.IsFinite(weights[i]) || weights[i] <= 0)
            {
                throw new ArgumentException($"the weight of {itemIds[i]} is {weights[i]}; it must be finite and above 0", nameof(weights));
            }

            row.Items[i] = NumberOf(itemIds[i]);
            if (!_inRow.Add(row.Items[i]))
            {
                throw new ArgumentException($"{itemIds[i]} is in the row twice", nameof(itemIds));
            }
        }

        return row.Items.Length == 0 ? Remove(userId) : Put(userId, row);
    }

    /// <summary>At most <paramref name="limit"/> rows of users after <paramref name="afterUser"/> in ordinal order; null to begin.</summary>
    public IReadOnlyList<(string UserId, string[] ItemIds, float[] Weights)> Page(string? afterUser, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        if (_sortedUsers is null)
        {
            _sortedUsers = [.. _rows.Keys];
            _sortedUsers.Sort(StringComparer.Ordinal);
        }

        var first = 0;
        if (afterUser is not null)
        {
            var found = _sortedUsers.BinarySearch(afterUser, StringComparer.Ordinal);
            first = found >= 0 ? found + 1 : ~found;
        }

        var page = new List<(string, string[], float[])>(Math.Min(limit, _sortedUsers.Count - first));
        for (var i = first; i < _sortedUsers.Count && page.Count < limit; i++)
        {
            var row = _rows[_sortedUsers[i]];
            page.Add((_sortedUsers[i], Array.ConvertAll(row.Items, item => _items[item]), [.. row.Weights]));
        }

        return page;
    }

    /// <summary>The rows as bytes; products that no row names any more are left out.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(FormatVersion);
        writer.Write(Revision);
        var used = new int[_items.Count];
        foreach (var row in _rows.Values)
        {
            foreach (var item in row.Items)
            {
                used[item] = 1;
            }
        }

        writer.Write7BitEncodedInt(used.Sum());
        var renumbered = 0;
        for (var item = 0; item < used.Length; item++)
        {
            if (used[item] == 1)
            {
                used[item] = renumbered++;
                writer.Write(_items[item]);
            }
        }

        writer.Write7BitEncodedInt(_rows.Count);
        foreach (var (userId, row) in _rows)
        {
            writer.Write(userId);
            writer.Write7BitEncodedInt(row.Items.Length);
            for (var i = 0; i < row.Items.Length; i++)
            {
                writer.Write7BitEncodedInt(used[row.Items[i]]);
                writer.Write(row.Weights[i]);
            }
        }

        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Back from <see cref="Encode"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not that.</exception>
    public static InteractionRows Decode(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, writable: false), Encoding.UTF8);
            if (reader.ReadByte() is var version && version != FormatVersion)
            {
                throw new InvalidDataException($"interaction rows of format {version}; this program reads format {FormatVersion}");
            }

            var rows = new InteractionRows();
            var revision = reader.ReadInt64();
            var items = new string[Bounded(reader, bytes.Length)];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = reader.ReadString();
            }

            var users = Bounded(reader, bytes.Length);
            for (var user = 0; user < users; user++)
            {
                var userId = reader.ReadString();
                var length = Bounded(reader, bytes.Length);
                var itemIds = new string[length];
                var weights = new float[length];
                for (var i = 0; i < length; i++)
                {
                    itemIds[i] = items[reader.Read7BitEncodedInt()];
                    weights[i] = reader.ReadSingle();
                }

                rows.Replace(userId, itemIds, weights);
            }

            if (reader.BaseStream.Position != bytes.Length)
            {
                throw new InvalidDataException("interaction rows: there are bytes behind the last row");
            }

            rows.Revision = revision;
            return rows;
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"interaction rows cannot be read: {broken.Message}", broken);
        }
    }

    /// <summary>A count that the remaining bytes could hold, so that garbage does not allocate.</summary>
    private static int Bounded(BinaryReader reader, int bytes) =>
        reader.Read7BitEncodedInt() is var count && count >= 0 && count <= bytes
            ? count
            : throw new InvalidDataException("interaction rows: a count is larger than the data");

    private int NumberOf(string itemId)
    {
        if (!_itemNumbers.TryGetValue(itemId, out var number))
        {
            _itemNumbers[itemId] = number = _items.Count;
            _items.Add(itemId);
        }

        return number;
    }

    private bool Put(string userId, Row row)
    {
        if (_rows.TryGetValue(userId, out var present))
        {
            if (present.Items.AsSpan().SequenceEqual(row.Items) && present.Weights.AsSpan().SequenceEqual(row.Weights))
            {
                return false;
            }
        }
        else
        {
            _sortedUsers = null;
        }

        Interactions += row.Items.Length - (present?.Items.Length ?? 0);
        _rows[userId] = row;
        Revision++;
        return true;
    }

    private bool Remove(string userId)
    {
        if (!_rows.Remove(userId, out var removed))
        {
            return false;
        }

        Interactions -= removed.Items.Length;
        _sortedUsers = null;
        Revision++;
        return true;
    }

    private sealed record Row(int[] Items, float[] Weights);
}
