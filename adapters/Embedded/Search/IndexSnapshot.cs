using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// All of the index at one moment; never changes. A change makes a new one that shares what is the same: new products become a
/// segment of their own, and segments are merged as the digits of a binary counter carry (Bentley and Saxe 1980), so that there are
/// at most about log2(products) of them and a product is indexed again that many times, whatever the sizes of the batches.
/// </summary>
internal sealed class IndexSnapshot
{
    public static readonly IndexSnapshot Empty = new([]);

    private IndexSnapshot(LiveSegment[] segments)
    {
        Segments = segments;
        Count = segments.Sum(segment => segment.Count);
        Weights = FieldWeights.Of(segments, Count);
    }

    public LiveSegment[] Segments { get; }

    /// <summary>Products in the index.</summary>
    public int Count { get; }

    public FieldWeights Weights { get; }

    /// <param name="products">With distinct ids.</param>
    public IndexSnapshot With(Product[] products)
    {
        if (products.Length == 0)
        {
            return this;
        }

        var segments = Remaining(products.Select(product => product.Id).ToHashSet(StringComparer.Ordinal));
        segments.Add(new LiveSegment(SegmentBuilder.Build(products)));
        return new IndexSnapshot(Merged(segments));
    }

    public IndexSnapshot Without(IReadOnlyCollection<string> productIds)
    {
        var segments = Remaining(productIds);
        return segments.SequenceEqual(Segments) ? this : new IndexSnapshot(Merged(segments));
    }

    private List<LiveSegment> Remaining(IReadOnlyCollection<string> productIds)
    {
        var remaining = new List<LiveSegment>(Segments.Length + 1);
        foreach (var segment in Segments)
        {
            var without = segment.Without(productIds);
            if (without.Count * 2 < without.Segment.Count && without.Count > 0)
            {
                without = new LiveSegment(SegmentBuilder.Build([.. without.LiveProducts()]));
            }

            if (without.Count > 0)
            {
                remaining.Add(without);
            }
        }

        return remaining;
    }

    private static LiveSegment[] Merged(List<LiveSegment> segments)
    {
        // How many of the last are to be one is settled first, so that each product is indexed once however far the carry goes.
        var first = segments.Count - 1;
        var size = first >= 0 ? segments[first].Count : 0;
        while (first > 0 && segments[first - 1].Count < 2 * size)
        {
            first--;
            size += segments[first].Count;
        }

        if (first < segments.Count - 1 && first >= 0)
        {
            var products = segments.Skip(first).SelectMany(segment => segment.LiveProducts()).ToArray();
            segments.RemoveRange(first, segments.Count - first);
            segments.Add(new LiveSegment(SegmentBuilder.Build(products)));
        }

        return [.. segments];
    }
}
