using System.Numerics;
using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Search;

/// <summary>A segment, and which of its documents were removed or replaced since it was built. Never changes.</summary>
internal sealed class LiveSegment
{
    private readonly ulong[]? _removed;

    public LiveSegment(Segment segment)
        : this(segment, null)
    {
    }

    private LiveSegment(Segment segment, ulong[]? removed)
    {
        Segment = segment;
        _removed = removed;
        Count = segment.Count - (removed?.Sum(bits => BitOperations.PopCount(bits)) ?? 0);
        for (var document = 0; document < segment.Count; document++)
        {
            if (IsLive(document))
            {
                var length = segment.Lengths[document];
                Totals = (Totals.Name + length.Name, Totals.Brand + length.Brand, Totals.Category + length.Category);
                LengthsMax = FieldCounts.Max(LengthsMax, length);
            }
        }
    }

    public Segment Segment { get; }

    /// <summary>Documents that are still to be found.</summary>
    public int Count { get; }

    /// <summary>Summed lengths of the fields of those.</summary>
    public (long Name, long Brand, long Category) Totals { get; }

    /// <summary>Greatest lengths of the fields of those.</summary>
    public FieldCounts LengthsMax { get; }

    public bool IsLive(int document) => _removed is null || (_removed[document >> 6] & (1UL << document)) == 0;

    /// <summary>In how many of the live documents the term is.</summary>
    public int DocumentsWith(int term)
    {
        var documents = Segment.PostingDocuments.AsSpan(Segment.PostingStarts[term]..Segment.PostingStarts[term + 1]);
        if (_removed is null)
        {
            return documents.Length;
        }

        var live = 0;
        foreach (var document in documents)
        {
            live += IsLive(document) ? 1 : 0;
        }

        return live;
    }

    /// <summary>Without these products; itself when it has none of them.</summary>
    public LiveSegment Without(IReadOnlyCollection<string> productIds)
    {
        ulong[]? removed = null;
        foreach (var productId in productIds)
        {
            var document = Segment.Find(productId);
            if (document >= 0 && IsLive(document))
            {
                removed ??= _removed is null ? new ulong[(Segment.Count + 63) / 64] : [.. _removed];
                removed[document >> 6] |= 1UL << document;
            }
        }

        return removed is null ? this : new LiveSegment(Segment, removed);
    }

    public IEnumerable<Product> LiveProducts() => Segment.Products.Where((_, document) => IsLive(document));
}
