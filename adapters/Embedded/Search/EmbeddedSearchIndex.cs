using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Search inside the process: an inverted index in memory, scored by BM25F over name, brand and category.
/// <list type="bullet">
/// <item>All words must match. When no product has them all, the products with the most of them are answered.</item>
/// <item>The last word also matches what begins with it; a word that matches nothing matches what is one typo away.</item>
/// <item>Equal scores are in the order of the id, as is everything when the text is blank.</item>
/// <item>When no word matches anything, words up to two typos away are suggested.</item>
/// <item>Text that is not blank but has no letter and no digit finds nothing.</item>
/// </list>
/// Readers take a snapshot and never wait; writers wait for each other.
/// </summary>
public sealed class EmbeddedSearchIndex : ISearchIndex, IDisposable
{
    private const int LimitMax = 100;
    private const int OffsetMax = 10_000;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile IndexSnapshot _snapshot = IndexSnapshot.Empty;

    /// <summary>Products in the index.</summary>
    public int Count => _snapshot.Count;

    /// <summary>Parts that a search goes through.</summary>
    internal int SegmentCount => _snapshot.Segments.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not 1 to 100, or the offset not 0 to 10,000.</exception>
    public ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Offset, OffsetMax);
        cancellationToken.ThrowIfCancellationRequested();

        var snapshot = _snapshot;
        var matches = new MatchCollector(query);
        string? suggestion = null;
        if (string.IsNullOrWhiteSpace(query.Text))
        {
            CollectAll(snapshot, matches);
        }
        else
        {
            var most = CollectMatching(snapshot, QueryPlan.Make(query.Text, snapshot).Words, matches);
            suggestion = most == 0 ? SpellingSuggestion.For(query.Text, snapshot) : null;
        }

        return ValueTask.FromResult(matches.Answer() with { Suggestion = suggestion });
    }

    /// <inheritdoc/>
    public async ValueTask UpsertAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var last = new Dictionary<string, Product>(products.Count, StringComparer.Ordinal);
        foreach (var product in products)
        {
            last[product.Id] = product;
        }

        await ChangeAsync(snapshot => snapshot.With([.. last.Values]), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(IReadOnlyList<string> productIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(productIds);
        await ChangeAsync(snapshot => snapshot.Without(productIds), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _writing.Dispose();

    private async Task ChangeAsync(Func<IndexSnapshot, IndexSnapshot> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            _snapshot = change(_snapshot);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static void CollectAll(IndexSnapshot snapshot, MatchCollector matches)
    {
        foreach (var live in snapshot.Segments)
        {
            matches.Enter(live.Segment);
            for (var document = 0; document < live.Segment.Count; document++)
            {
                if (live.IsLive(document))
                {
                    matches.Add(document, 0);
                }
            }
        }
    }

    /// <summary>Answers how many of the words the products that were found have.</summary>
    private static int CollectMatching(IndexSnapshot snapshot, List<TermChoice[]> words, MatchCollector matches)
    {
        var scored = snapshot.Segments.Select(live => new SegmentScores(live, snapshot.Weights)).ToArray();
        try
        {
            foreach (var segment in scored)
            {
                words.ForEach(word => segment.AddWord(word));
            }

            // All the words, or as many as any product has of them.
            var wanted = scored.Select(segment => segment.MatchedMax()).DefaultIfEmpty().Max();
            foreach (var segment in scored)
            {
                Collect(segment, wanted, matches);
            }

            return wanted;
        }
        finally
        {
            Array.ForEach(scored, segment => segment.Dispose());
        }
    }

    private static void Collect(SegmentScores scores, int wanted, MatchCollector matches)
    {
        matches.Enter(scores.Live.Segment);
        foreach (var document in scores.Touched)
        {
            if (scores.Matched(document) == wanted)
            {
                matches.Add(document, scores.Score(document));
            }
        }
    }
}
