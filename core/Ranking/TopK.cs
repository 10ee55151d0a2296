namespace Reco.Core.Ranking;

/// <summary>An item and its score.</summary>
/// <param name="Index">Index of the item.</param>
/// <param name="Score">Its score, finite.</param>
public readonly record struct ScoredIndex(int Index, float Score)
{
    /// <summary>Higher score first; of equal scores the lower index, so that a ranking is the same every time.</summary>
    internal bool RanksBefore(ScoredIndex other) => Score > other.Score || (Score == other.Score && Index < other.Index);
}

/// <summary>Which items may be ranked. A struct, so that the test is inlined into the selection's loop.</summary>
public interface IItemFilter
{
    /// <summary>True when the item may be ranked.</summary>
    bool Allows(int index);
}

/// <summary>Allows what is not marked.</summary>
public readonly ref struct ExcludedFlags(ReadOnlySpan<bool> excluded) : IItemFilter
{
    private readonly ReadOnlySpan<bool> _excluded = excluded;

    /// <inheritdoc/>
    public bool Allows(int index) => !_excluded[index];
}

/// <summary>Allows every item.</summary>
public readonly struct AllItems : IItemFilter
{
    /// <inheritdoc/>
    public bool Allows(int index) => true;
}

/// <summary>The k best scores, by a heap as large as the answer, kept in the caller's span. Allocates nothing.</summary>
public static class TopK
{
    /// <summary>The best of all items; see <see cref="Select{TFilter}"/>.</summary>
    public static int Select(ReadOnlySpan<float> scores, int k, Span<ScoredIndex> result) =>
        Select(scores, default(AllItems), k, result);

    /// <summary>
    /// The best of the items not marked in <paramref name="excluded"/>, which is as long as the scores; see <see cref="Select{TFilter}"/>.
    /// </summary>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<bool> excluded, int k, Span<ScoredIndex> result)
    {
        if (excluded.Length != scores.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores, but {excluded.Length} flags.", nameof(excluded));
        }

        return Select(scores, new ExcludedFlags(excluded), k, result);
    }

    /// <summary>
    /// Writes the best <paramref name="k"/> of the allowed items to the front of <paramref name="result"/>, best first, and answers how
    /// many there are. Equal scores: the lower index first. NaN and infinite scores are never ranked. The filter is asked only about
    /// items that would be kept.
    /// </summary>
    /// <exception cref="ArgumentException">k is negative or larger than the result.</exception>
    public static int Select<TFilter>(ReadOnlySpan<float> scores, TFilter filter, int k, Span<ScoredIndex> result)
        where TFilter : struct, IItemFilter, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, result.Length);
        if (k == 0)
        {
            return 0;
        }

        var heap = result[..k];
        var count = 0;
        for (var index = 0; index < scores.Length; index++)
        {
            var candidate = new ScoredIndex(index, scores[index]);

            // Indexes rise, so a candidate that only equals the worst kept ranks after it. A NaN fails every comparison.
            if (count == k && !(candidate.Score > heap[0].Score))
            {
                continue;
            }

            if (!float.IsFinite(candidate.Score) || !filter.Allows(index))
            {
                continue;
            }

            if (count < k)
            {
                heap[count] = candidate;
                SiftUp(heap, count++);
            }
            else
            {
                SiftDown(heap, candidate);
            }
        }

        SortHeap(heap[..count]);
        return count;
    }

    /// <summary>Repeatedly moves the worst, which is the root, behind the shrinking heap: best first at the end.</summary>
    private static void SortHeap(Span<ScoredIndex> heap)
    {
        for (var last = heap.Length - 1; last > 0; last--)
        {
            var moved = heap[last];
            heap[last] = heap[0];
            SiftDown(heap[..last], moved);
        }
    }

    private static void SiftUp(Span<ScoredIndex> heap, int place)
    {
        var value = heap[place];
        while (place > 0)
        {
            var parent = (place - 1) / 2;
            if (!heap[parent].RanksBefore(value))
            {
                break;
            }

            heap[place] = heap[parent];
            place = parent;
        }

        heap[place] = value;
    }

    /// <summary>Puts the value in the root's place and lets it sink.</summary>
    private static void SiftDown(Span<ScoredIndex> heap, ScoredIndex value)
    {
        var place = 0;
        while (true)
        {
            var child = 2 * place + 1;
            if (child >= heap.Length)
            {
                break;
            }

            if (child + 1 < heap.Length && heap[child].RanksBefore(heap[child + 1]))
            {
                child++;
            }

            if (!value.RanksBefore(heap[child]))
            {
                break;
            }

            heap[place] = heap[child];
            place = child;
        }

        heap[place] = value;
    }
}
