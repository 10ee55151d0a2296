using System.Globalization;
using System.Text;
using Reco.Core.Ports;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;
using Reco.Grains.Model;

namespace Reco.Grains.Recommending;

/// <summary>
/// From a history to the answer: the model first, then trending products of the shopper's category, trending ones of the whole shop, popular ones.
/// Every item says where it came from and why. One in each silo.
/// </summary>
public sealed class RecommendationService(ModelHolder models, Recommender recommender, ICatalogue catalogue, TimeProvider time)
{
    /// <summary>Numbers of another process say nothing here: its catalogue counts from 1 again, its log may be another one.</summary>
    private readonly string _process = time.GetUtcNow().UtcTicks.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>How much of a ranking is asked for: twice what an answer can hold, for those that the filter takes out; then all of it.</summary>
    private const int RankedSome = 200;

    private const int RankedAll = 1_000;

    private readonly SharedRankings _rankings = new(time);

    public async Task<RecommendationAnswer> RecommendAsync(
        IGrainFactory grains, IReadOnlyList<HistoryItem> history, Func<string, bool> excludes, RecommendationQuery query)
    {
        var filter = new RecommendationFilter
        {
            Category = query.Category,
            MinPrice = query.MinPrice,
            MaxPrice = query.MaxPrice,
            Excludes = query.Among is null ? excludes : OutsideOf(query.Among),
        };
        var model = models.Current;
        var items = new List<RecommendedItem>(query.Limit);
        if (model is not null)
        {
            items.AddRange(recommender.Recommend(model, history, filter, query.Limit, query.Explain).Select(found => Describe(found, query.Explain)));
        }

        if (items.Count < query.Limit && query.Among is null)
        {
            await FillAsync(grains, items, filter, query, FavouriteCategory(history));
        }

        return new RecommendationAnswer { ModelVersion = model?.Version ?? 0, Items = [.. items] };
    }

    /// <summary>
    /// What an answer for this user depends on, but for trends: equal texts, equal answers. Read it before the answer is computed; an event that
    /// comes in between then makes the answer newer than it says, never older. Null when no event is known.
    /// </summary>
    public string? RevisionOf(UserProfile profile)
    {
        if (profile.Totals.Events == 0)
        {
            return null;
        }

        // Offsets of a partition only grow, and each event that is applied moves one of them.
        var text = new StringBuilder(64).Append(CultureInfo.InvariantCulture, $"{_process}.m{models.Current?.Version ?? 0}.c{catalogue.Version}");
        for (var i = 0; i < profile.Offsets.Partitions.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $".{profile.Offsets.Partitions[i]}-{profile.Offsets.Offsets[i]}");
        }

        return text.ToString();
    }

    /// <summary>Nothing to compute: the caller holds it.</summary>
    public RecommendationAnswer Unchanged(string revision) =>
        new() { ModelVersion = models.Current?.Version ?? 0, Items = [], Revision = revision, Unchanged = true };

    /// <summary>The category that the history weighs most; ties go to the first in ordinal order; null when the catalogue knows none of it.</summary>
    public string? FavouriteCategory(IReadOnlyList<HistoryItem> history)
    {
        var weights = new SortedDictionary<string, float>(StringComparer.Ordinal);
        foreach (var item in history)
        {
            if (catalogue.TryGet(item.ProductId, out var product))
            {
                weights[product.Category] = weights.GetValueOrDefault(product.Category) + item.Weight;
            }
        }

        return weights.Count == 0 ? null : weights.MaxBy(category => category.Value).Key;
    }

    private static Func<string, bool> OutsideOf(string[] productIds)
    {
        var among = productIds.ToHashSet(StringComparer.Ordinal);
        return id => !among.Contains(id);
    }

    private async Task FillAsync(
        IGrainFactory grains, List<RecommendedItem> items, RecommendationFilter filter, RecommendationQuery query, string? favourite)
    {
        var taken = items.Select(item => item.ProductId).ToHashSet(StringComparer.Ordinal);
        if (query.Category is null && favourite is not null)
        {
            await TakeAsync(TopKind.Trending, favourite, RankedSome, RecommendationSource.Trending);
        }

        await TakeAsync(TopKind.Trending, query.Category, RankedSome, RecommendationSource.Trending);
        await TakeAsync(TopKind.Popular, query.Category, RankedSome, RecommendationSource.Popular);

        // The last resort, for when a price filter or a long list of purchases leaves too few.
        await TakeAsync(TopKind.Popular, query.Category, RankedAll, RecommendationSource.Popular);

        async Task TakeAsync(TopKind kind, string? category, int limit, RecommendationSource source)
        {
            if (items.Count == query.Limit)
            {
                return;
            }

            foreach (var candidate in await _rankings.GetAsync(grains, new TopQuery { Kind = kind, Limit = limit, Category = category }))
            {
                if (items.Count == query.Limit)
                {
                    return;
                }

                catalogue.TryGet(candidate.ProductId, out var product);
                if (filter.Allows(candidate.ProductId, product) && taken.Add(candidate.ProductId))
                {
                    items.Add(new RecommendedItem
                    {
                        ProductId = candidate.ProductId,
                        Name = candidate.Name,
                        Category = candidate.Category,
                        Price = candidate.Price,
                        Score = candidate.Score,
                        Source = source,
                        Reason = Reasons.Of(source, candidate.Category),
                    });
                }
            }
        }
    }

    private RecommendedItem Describe(Recommendation found, bool explain) => new()
    {
        ProductId = found.ProductId,
        Name = found.Product?.Name ?? found.ProductId,
        Category = found.Product?.Category,
        Price = found.Product?.Price,
        Score = found.Score,
        Source = RecommendationSource.Als,
        Reason = Reasons.Of(found.ProductId, found.Contributions[0], NameOf),
        Contributions = explain
            ? [.. found.Contributions.Select(part => new ScoreContribution
            {
                ProductId = part.Because.ProductId,
                Name = NameOf(part.Because.ProductId),
                Because = (EventType)part.Because.StrongestKind,
                Value = part.Value,
            })]
            : null,
    };

    private string NameOf(string productId) => catalogue.TryGet(productId, out var product) ? product.Name : productId;
}
