using System.Runtime.InteropServices;
using Reco.Core.Hashing;

namespace Reco.Core.Profiles;

/// <summary>
/// A user's products, at most <see cref="HistoryOptions.ProductsMax"/>, and, apart from them, hashes of all that was bought.
/// When a new product comes to a full history, the product with the least weight leaves, the weight halved for every
/// <see cref="HistoryOptions.EvictionHalfLife"/> since its last event; among equals the one with the oldest event, then the one
/// with the ordinally least id. The newcomer itself always enters: what a user does now must show. For one thread.
/// </summary>
/// <remarks>The properties are the state as it is persisted; use the methods.</remarks>
public sealed partial class ProductHistory
{
    /// <summary>Up to here a search along the entries is as fast as a dictionary, and most users stay below.</summary>
    private const int IndexedAbove = 12;

    private Dictionary<string, int>? _index;
    private double[]? _keepKeys;
    private double _keepKeysHalfLifeMs;

    /// <summary>One entry a product, in no particular order.</summary>
    public List<HistoryEntry> Entries { get; set; } = [];

    /// <summary>What was bought.</summary>
    public PurchasedProducts Purchased { get; set; } = new();

    /// <summary>Adds an event.</summary>
    /// <param name="productId">The product.</param>
    /// <param name="kind">Kind, 0 to 31.</param>
    /// <param name="weight">Its weight, above 0.</param>
    /// <param name="timeMs">Event time, milliseconds since the Unix epoch; events may come in any order.</param>
    /// <param name="isPurchase">Whether the product was bought.</param>
    /// <param name="options">The limits.</param>
    /// <exception cref="ArgumentException">No product, no such kind, or a weight that is not a finite number above 0.</exception>
    public void Add(string productId, int kind, float weight, long timeMs, bool isPurchase, HistoryOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(productId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)kind, 31u, nameof(kind));
        if (!(weight > 0 && float.IsFinite(weight)))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "must be a finite number above 0");
        }

        if (isPurchase)
        {
            Purchased.Add(StableHash.Of(productId), options.PurchasedMax);
        }

        var place = Find(productId);
        if (place < 0)
        {
            place = AddEntry(productId, options);
        }

        ref var entry = ref CollectionsMarshal.AsSpan(Entries)[place];
        entry.LastEventMs = entry.Events == 0 ? timeMs : Math.Max(entry.LastEventMs, timeMs);
        entry.Weight = Math.Min(entry.Weight + weight, float.MaxValue);
        entry.Events = entry.Events == int.MaxValue ? int.MaxValue : entry.Events + 1;
        entry.Kinds |= 1u << kind;
        if (_keepKeys is not null)
        {
            _keepKeys[place] = KeepKey(in entry, _keepKeysHalfLifeMs);
        }
    }

    /// <summary>The entry of a product, if the history has it.</summary>
    public bool TryGet(string productId, out HistoryEntry entry)
    {
        var place = Find(productId);
        entry = place < 0 ? default : Entries[place];
        return place >= 0;
    }

    /// <summary>Whether the user has ever bought the product, as far as <see cref="HistoryOptions.PurchasedMax"/> remembers.</summary>
    public bool HasPurchased(string productId) => Purchased.Contains(StableHash.Of(productId));

    /// <summary>The row for training; new arrays.</summary>
    public HistoryRow Row()
    {
        var entries = CollectionsMarshal.AsSpan(Entries);
        var row = new HistoryRow(new string[entries.Length], new float[entries.Length]);
        for (var i = 0; i < entries.Length; i++)
        {
            row.ProductIds[i] = entries[i].ProductId;
            row.Weights[i] = entries[i].Weight;
        }

        return row;
    }

    /// <summary>
    /// log2 of the decayed weight, but for a term that is the same for all entries at any one time: so keys need not be worked out
    /// again as time passes, and only an event changes the key of its product.
    /// </summary>
    private static double KeepKey(in HistoryEntry entry, double halfLifeMs) => Math.Log2(entry.Weight) + (entry.LastEventMs / halfLifeMs);

    private int Find(string productId)
    {
        if (Entries.Count > IndexedAbove)
        {
            return (_index ??= BuildIndex()).TryGetValue(productId, out var place) ? place : -1;
        }

        var entries = CollectionsMarshal.AsSpan(Entries);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].ProductId == productId)
            {
                return i;
            }
        }

        return -1;
    }

    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(Entries.Count * 2, StringComparer.Ordinal);
        for (var i = 0; i < Entries.Count; i++)
        {
            index.Add(Entries[i].ProductId, i);
        }

        return index;
    }

    private int AddEntry(string productId, HistoryOptions options)
    {
        while (Entries.Count >= options.ProductsMax)
        {
            Evict(options);
        }

        Entries.Add(new HistoryEntry { ProductId = productId });
        var place = Entries.Count - 1;
        _index?.Add(productId, place);
        if (_keepKeys is not null && _keepKeys.Length < Entries.Count)
        {
            _keepKeys = null;
        }

        return place;
    }

    /// <summary>Removes the entry that is worth least; the last one takes its place.</summary>
    private void Evict(HistoryOptions options)
    {
        var halfLifeMs = options.EvictionHalfLife.TotalMilliseconds;
        var entries = CollectionsMarshal.AsSpan(Entries);
        if (_keepKeys is null || _keepKeysHalfLifeMs != halfLifeMs)
        {
            _keepKeys = new double[entries.Length];
            _keepKeysHalfLifeMs = halfLifeMs;
            for (var i = 0; i < entries.Length; i++)
            {
                _keepKeys[i] = KeepKey(in entries[i], halfLifeMs);
            }
        }

        var victim = LeastWorth(entries, _keepKeys);
        var last = entries.Length - 1;
        _index?.Remove(entries[victim].ProductId);
        if (victim != last)
        {
            entries[victim] = entries[last];
            _keepKeys[victim] = _keepKeys[last];
            _index?[entries[victim].ProductId] = victim;
        }

        Entries.RemoveAt(last);
    }

    private static int LeastWorth(ReadOnlySpan<HistoryEntry> entries, ReadOnlySpan<double> keys)
    {
        var least = 0;
        for (var i = 1; i < entries.Length; i++)
        {
            if (keys[i] < keys[least] || (keys[i] == keys[least] && IsOlder(in entries[i], in entries[least])))
            {
                least = i;
            }
        }

        return least;
    }

    private static bool IsOlder(in HistoryEntry a, in HistoryEntry b) =>
        a.LastEventMs != b.LastEventMs ? a.LastEventMs < b.LastEventMs : string.CompareOrdinal(a.ProductId, b.ProductId) < 0;
}
