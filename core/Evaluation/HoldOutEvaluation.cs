using Reco.Core.Als;
using Reco.Core.Ranking;

namespace Reco.Core.Evaluation;

/// <summary>Writes a score for every item, given what is known of a user.</summary>
public delegate void ItemScorer(ReadOnlySpan<WeightedItem> known, Span<float> scores);

/// <summary>Ranks all items but the known ones for each user, and measures where the held-out ones came.</summary>
public static class HoldOutEvaluation
{
    /// <summary>Depth of NDCG.</summary>
    public const int NdcgDepth = 10;

    /// <summary>Depth of recall.</summary>
    public const int RecallDepth = 20;

    /// <summary>Judges the factor model: each user's known items are folded in.</summary>
    public static HoldOutScores Evaluate(ItemFactors items, IReadOnlyList<HoldOutCase> cases, CancellationToken cancellationToken = default)
    {
        var userVector = new float[items.Factors];
        return Evaluate(items.Count, cases, ScoreByFoldIn, cancellationToken);

        void ScoreByFoldIn(ReadOnlySpan<WeightedItem> known, Span<float> scores)
        {
            FoldIn.Solve(items, known, userVector);
            Scorer.ScoreAll(items, userVector, scores);
        }
    }

    /// <summary>Judges any scorer of <paramref name="itemCount"/> items.</summary>
    public static HoldOutScores Evaluate(
        int itemCount, IReadOnlyList<HoldOutCase> cases, ItemScorer scorer, CancellationToken cancellationToken = default)
    {
        var scores = new float[itemCount];
        var excluded = new bool[itemCount];
        var ranked = new ScoredIndex[Math.Max(NdcgDepth, RecallDepth)];
        var ndcg = new double[cases.Count];
        var recall = new double[cases.Count];
        for (var i = 0; i < cases.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (known, heldOut, heldOutCount) = cases[i];
            scorer(known, scores);
            foreach (var (item, _) in known)
            {
                excluded[item] = true;
            }

            var relevant = heldOut.ToHashSet();
            var count = TopK.Select(scores, excluded, ranked.Length, ranked);
            ndcg[i] = RankingMetrics.Ndcg(ranked.AsSpan(0, count), relevant, heldOutCount, NdcgDepth);
            recall[i] = RankingMetrics.Recall(ranked.AsSpan(0, count), relevant, heldOutCount, RecallDepth);
            foreach (var (item, _) in known)
            {
                excluded[item] = false;
            }
        }

        return new HoldOutScores(ndcg, recall);
    }
}
