using Microsoft.Extensions.Options;
using Orleans;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Searching;

/// <summary>Searches for a known user.</summary>
internal sealed class PersonalSearch(ISearchIndex index, IGrainFactory grains, IOptions<ApiOptions> options)
{
    /// <summary>The page, and whether the user's taste had a say in its order: not for a user the model knows nothing of.</summary>
    public async Task<(SearchAnswer Answer, bool Personalized)> SearchAsync(SearchQuery query, string userId, CancellationToken cancellationToken)
    {
        if (query.Offset >= TasteRanking.ResultsMax)
        {
            return (await index.SearchAsync(query, cancellationToken), false);
        }

        var first = await index.SearchAsync(query with { Offset = 0, Limit = TasteRanking.ResultsMax }, cancellationToken);
        var taste = await TasteAsync(first, userId, cancellationToken);
        var ranked = taste.Count > 0 ? TasteRanking.Blend(first.Items, taste, options.Value.SearchTasteWeight) : first.Items;
        var page = ranked.Skip(query.Offset).Take(query.Limit).ToList();
        if (page.Count < query.Limit && first.Total > TasteRanking.ResultsMax)
        {
            // The page reaches beyond the results that were ranked.
            var rest = query with { Offset = TasteRanking.ResultsMax, Limit = query.Limit - page.Count };
            page.AddRange((await index.SearchAsync(rest, cancellationToken)).Items);
        }

        return (first with { Items = page }, taste.Count > 0);
    }

    private async Task<Dictionary<string, double>> TasteAsync(SearchAnswer found, string userId, CancellationToken cancellationToken)
    {
        if (found.Items.Count == 0)
        {
            return [];
        }

        var among = new RecommendationQuery { Among = [.. found.Items.Select(hit => hit.Product.Id)], Limit = TasteRanking.ResultsMax };
        var answer = await grains.GetGrain<IUserGrain>(userId).RecommendAsync(among).WaitAsync(cancellationToken);
        return answer.Items.ToDictionary(item => item.ProductId, item => item.Score, StringComparer.Ordinal);
    }
}
