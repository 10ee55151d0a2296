using Reco.Core.Ranking;

namespace Reco.Core.Evaluation;

/// <summary>How good one user's ranking is, against the items that were hidden from it.</summary>
public static class RankingMetrics
{
    /// <summary>
    /// NDCG@k with binary relevance: sum of 1 / log2(rank + 1) over the relevant items among the first k, divided by the best that any
    /// ranking of <paramref name="relevantCount"/> relevant items could reach. 0 to 1.
    /// </summary>
    /// <param name="ranked">Distinct items, best first.</param>
    /// <param name="relevant">The relevant items that the ranking could name.</param>
    /// <param name="relevantCount">All relevant items, those included that the model does not know; 1 or more.</param>
    /// <param name="k">Depth, 1 or more.</param>
    public static double Ndcg(ReadOnlySpan<ScoredIndex> ranked, IReadOnlySet<int> relevant, int relevantCount, int k)
    {
        Check(relevant, relevantCount, k);
        var gain = 0.0;
        for (var place = 0; place < Math.Min(k, ranked.Length); place++)
        {
            if (relevant.Contains(ranked[place].Index))
            {
                gain += Discount(place);
            }
        }

        var ideal = 0.0;
        for (var place = 0; place < Math.Min(k, relevantCount); place++)
        {
            ideal += Discount(place);
        }

        return gain / ideal;
    }

    /// <summary>
    /// Recall@k as Liang et al. 2018 and Rendle et al. 2021 count it: relevant items among the first k, divided by the smaller of k and
    /// <paramref name="relevantCount"/>, so that 1 can be reached.
    /// </summary>
    /// <inheritdoc cref="Ndcg" path="/param"/>
    public static double Recall(ReadOnlySpan<ScoredIndex> ranked, IReadOnlySet<int> relevant, int relevantCount, int k)
    {
        Check(relevant, relevantCount, k);
        var hits = 0;
        for (var place = 0; place < Math.Min(k, ranked.Length); place++)
        {
            hits += relevant.Contains(ranked[place].Index) ? 1 : 0;
        }

        return (double)hits / Math.Min(k, relevantCount);
    }

    private static double Discount(int place) => 1 / Math.Log2(place + 2);

    private static void Check(IReadOnlySet<int> relevant, int relevantCount, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relevantCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(relevant.Count, relevantCount);
    }
}
