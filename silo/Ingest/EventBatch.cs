using System.Runtime.InteropServices;
using Reco.GrainInterfaces;

namespace Reco.Silo.Ingest;

/// <summary>
/// The valid events of one read, grouped by user and by product with their order kept, so that a grain gets one call a batch.
/// Reused from batch to batch; for one thread.
/// </summary>
internal sealed class EventBatch
{
    private readonly List<Entry> _entries = [];
    private readonly Grouping _users = new();
    private readonly Grouping _products = new();

    public int Count => _entries.Count;

    /// <summary>Whose events these are, in the order of first appearance.</summary>
    public IReadOnlyList<string> UserIds => _users.Keys;

    public void Clear()
    {
        _entries.Clear();
        _users.Clear();
        _products.Clear();
    }

    public void Add(ShopEvent shopEvent, long offset, bool late) =>
        _entries.Add(new Entry(
            offset,
            shopEvent.TimestampMs,
            shopEvent.Revenue,
            _users.Count(shopEvent.UserId),
            shopEvent.ProductId is null ? -1 : _products.Count(shopEvent.ProductId),
            shopEvent.Type,
            late));

    /// <summary>One slice a user, in the order of first appearance.</summary>
    public IEnumerable<(string UserId, UserSlice Slice)> UserSlices(int partition, SentOffsets sent, long streamTimeMs)
    {
        var events = _users.Arrays<UserEvent>();
        foreach (var entry in _entries)
        {
            events[entry.UserSlot][_users.Next(entry.UserSlot)] = new UserEvent
            {
                Offset = entry.Offset,
                Type = entry.Type,
                TimestampMs = entry.TimestampMs,
                ProductId = entry.ProductSlot < 0 ? null : _products.Keys[entry.ProductSlot],
                Revenue = entry.Revenue,
                Late = entry.Late,
            };
        }

        for (var slot = 0; slot < events.Length; slot++)
        {
            var userId = _users.Keys[slot];
            yield return (userId, new UserSlice
            {
                Partition = partition,
                After = sent.After(userId),
                StreamTimeMs = streamTimeMs,
                Events = events[slot],
            });
        }
    }

    /// <summary>One slice a product, in the order of first appearance.</summary>
    public IEnumerable<(string ProductId, ProductSlice Slice)> ProductSlices(int partition, SentOffsets sent, long streamTimeMs)
    {
        var events = _products.Arrays<ProductEvent>();
        foreach (var entry in _entries)
        {
            if (entry.ProductSlot < 0)
            {
                continue;
            }

            events[entry.ProductSlot][_products.Next(entry.ProductSlot)] = new ProductEvent
            {
                Offset = entry.Offset,
                Type = entry.Type,
                TimestampMs = entry.TimestampMs,
                UserId = _users.Keys[entry.UserSlot],
                Revenue = entry.Revenue,
                Late = entry.Late,
            };
        }

        for (var slot = 0; slot < events.Length; slot++)
        {
            var productId = _products.Keys[slot];
            yield return (productId, new ProductSlice
            {
                Partition = partition,
                After = sent.After(productId),
                StreamTimeMs = streamTimeMs,
                Events = events[slot],
            });
        }
    }

    /// <summary>
    /// What the grains are told of an event, and nothing on the heap: a batch lasts for a good part of a second, and events that it held would live to be
    /// copied by the garbage collector.
    /// </summary>
    private readonly record struct Entry(
        long Offset, long TimestampMs, decimal Revenue, int UserSlot, int ProductSlot, EventType Type, bool Late);

    /// <summary>Numbers keys in the order they appear and counts their events, so that arrays are cut to size.</summary>
    private sealed class Grouping
    {
        private readonly Dictionary<string, int> _slots = [];
        private readonly List<int> _counts = [];
        private readonly List<int> _filled = [];

        public List<string> Keys { get; } = [];

        public int Count(string key)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, key, out var known);
            if (!known)
            {
                slot = Keys.Count;
                Keys.Add(key);
                _counts.Add(0);
                _filled.Add(0);
            }

            _counts[slot]++;
            return slot;
        }

        public T[][] Arrays<T>()
        {
            var arrays = new T[_counts.Count][];
            for (var slot = 0; slot < arrays.Length; slot++)
            {
                arrays[slot] = new T[_counts[slot]];
                _filled[slot] = 0;
            }

            return arrays;
        }

        public int Next(int slot) => _filled[slot]++;

        public void Clear()
        {
            _slots.Clear();
            _counts.Clear();
            _filled.Clear();
            Keys.Clear();
        }
    }
}
