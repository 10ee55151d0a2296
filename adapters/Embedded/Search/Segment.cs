using Reco.Core.Catalogue;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// An inverted index over some products that never changes once built. Documents are numbered in order of their product id
/// (ordinal), so that comparing numbers is comparing ids; terms in ordinal order, so that a prefix is a range.
/// </summary>
internal sealed class Segment
{
    public required Product[] Products { get; init; }

    public required string[] Terms { get; init; }

    public required Dictionary<string, int> TermNumbers { get; init; }

    /// <summary>Where each term's postings begin; one more than there are terms.</summary>
    public required int[] PostingStarts { get; init; }

    public required int[] PostingDocuments { get; init; }

    public required FieldCounts[] PostingCounts { get; init; }

    public required FieldCounts[] Lengths { get; init; }

    public required decimal[] Prices { get; init; }

    public required byte[] PriceRangeOf { get; init; }

    public required FacetColumn Categories { get; init; }

    public required FacetColumn Brands { get; init; }

    /// <summary>Letters that occur in its terms: what a typo may have replaced.</summary>
    public required char[] Letters { get; init; }

    public int Count => Products.Length;

    /// <summary>The document of this product, or a negative number.</summary>
    public int Find(string productId)
    {
        var low = 0;
        var high = Products.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(Products[middle].Id, productId);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    /// <summary>The number of the first term that is not before <paramref name="text"/>.</summary>
    public int FirstTermFrom(ReadOnlySpan<char> text)
    {
        var low = 0;
        var high = Terms.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = Terms[middle].AsSpan().SequenceCompareTo(text) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>A facet's value for each document, as a number.</summary>
/// <param name="Values">The values by number, each in the spelling that is first in ordinal order.</param>
/// <param name="NumberOf">The number for each document.</param>
internal sealed record FacetColumn(string[] Values, int[] NumberOf);
