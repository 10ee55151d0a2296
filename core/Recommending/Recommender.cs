using System.Buffers;
using Reco.Core.Als;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.Core.Ranking;

namespace Reco.Core.Recommending;

/// <summary>
/// From a history to ranked products: fold-in, scores of all items, the best that pass the filter, and why. Safe to use from any thread.
/// </summary>
public sealed class Recommender(ICatalogue catalogue)
{
    private AlignedProducts? _aligned;

    /// <summary>
    /// At most <paramref name="limit"/> products with a positive score, best first; none when the model knows nothing of the history. With
    /// <paramref name="explain"/> each says what every history item contributes, without it only the largest contribution.
    /// </summary>
    public IReadOnlyList<Recommendation> Recommend(
        ServingModel model, IReadOnlyList<HistoryItem> history, RecommendationFilter filter, int limit, bool explain = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var known = new List<HistoryItem>(history.Count);
        var folded = new List<WeightedItem>(history.Count);
        foreach (var item in history)
        {
            if (model.IndexOf(item.ProductId) is var index and >= 0)
            {
                known.Add(item);
                folded.Add(new WeightedItem(index, item.Weight));
            }
        }

        if (known.Count == 0)
        {
            return [];
        }

        var profile = folded.ToArray();
        var user = new float[model.Items.Factors];
        var fold = FoldIn.Of(model.Items, profile);
        fold.Solve(user);
        var best = new ScoredIndex[limit];
        var scores = ArrayPool<float>.Shared.Rent(model.Items.Count);
        try
        {
            var all = scores.AsSpan(0, model.Items.Count);
            Scorer.ScoreAll(model.Items, user, all);
            var count = TopK.Select(all, new Filter(model, Align(model), filter), limit, best);
            return Describe(model, fold, known, best.AsSpan(0, count), explain);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    /// <summary>Products with the nearest factors by cosine, nearest first, out of stock left out; none when the model does not know the product.</summary>
    public IReadOnlyList<(string ProductId, Product? Product, double Similarity)> Similar(ServingModel model, string productId, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var index = model.IndexOf(productId);
        if (index < 0)
        {
            return [];
        }

        var products = Align(model);
        var similarities = new float[model.Items.Count];
        Scorer.CosineAll(model.Items, index, similarities);
        var best = new ScoredIndex[limit];
        var count = TopK.Select(similarities, new Filter(model, products, new RecommendationFilter()), limit, best);
        return [.. best.Take(count).Select(b => (model.ProductIds[b.Index], products[b.Index], (double)b.Score))];
    }

    private List<Recommendation> Describe(
        ServingModel model, FoldIn fold, List<HistoryItem> known, ReadOnlySpan<ScoredIndex> best, bool explain)
    {
        var products = Align(model);
        var answer = new List<Recommendation>(best.Length);
        var values = new double[known.Count];
        foreach (var (index, score) in best)
        {
            // Scores are drawn to 1 for what a shopper likes and to 0 for all else: below 0 the model speaks against it.
            if (score <= 0)
            {
                break;
            }

            fold.Explain(index, values);
            answer.Add(new Recommendation(
                model.ProductIds[index], products[index], score, explain ? Contribution.Ranked(known, values) : [Contribution.Largest(known, values)]));
        }

        return answer;
    }

    /// <summary>The catalogue's products in the order of the model's items: looked up once for each version of either.</summary>
    private Product?[] Align(ServingModel model)
    {
        var aligned = Volatile.Read(ref _aligned);
        var version = catalogue.Version;
        if (aligned is null || aligned.Model != model || aligned.CatalogueVersion != version)
        {
            var products = new Product?[model.Items.Count];
            for (var i = 0; i < products.Length; i++)
            {
                catalogue.TryGet(model.ProductIds[i], out products[i]);
            }

            aligned = new AlignedProducts(model, version, products);
            Volatile.Write(ref _aligned, aligned);
        }

        return aligned.Products;
    }

    private sealed record AlignedProducts(ServingModel Model, long CatalogueVersion, Product?[] Products);

    private readonly struct Filter(ServingModel model, Product?[] products, RecommendationFilter filter) : IItemFilter
    {
        public bool Allows(int index) => filter.Allows(model.ProductIds[index], products[index]);
    }
}
