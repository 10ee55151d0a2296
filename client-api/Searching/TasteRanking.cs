using Reco.Core.Ports;

namespace Reco.ClientApi.Searching;

/// <summary>
/// The first results of a search in the order of relevance and taste together: relevance / best relevance + weight · taste, where taste is the
/// model's score, between 0 for nothing known and 1. Results beyond the first <see cref="ResultsMax"/> keep their places.
/// </summary>
internal static class TasteRanking
{
    /// <summary>Results that take part: a page further back is not made better by what the shopper likes.</summary>
    public const int ResultsMax = 100;

    /// <summary>The hits with their blended scores, best first; equal ones keep their order.</summary>
    public static IReadOnlyList<SearchHit> Blend(IReadOnlyList<SearchHit> hits, IReadOnlyDictionary<string, double> taste, double weight)
    {
        var best = hits.Select(hit => hit.Score).DefaultIfEmpty().Max();
        return
        [
            .. hits
                .Select(hit => hit with { Score = Relevance(hit) + (weight * Math.Clamp(taste.GetValueOrDefault(hit.Product.Id), 0, 1)) })
                .OrderByDescending(hit => hit.Score),
        ];

        double Relevance(SearchHit hit) => best > 0 ? hit.Score / best : 0;
    }
}
