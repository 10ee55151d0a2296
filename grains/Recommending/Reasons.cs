using Reco.Core.Recommending;
using Reco.GrainInterfaces;

namespace Reco.Grains.Recommending;

/// <summary>One sentence for the shopper.</summary>
internal static class Reasons
{
    public static string Of(string productId, Contribution largest, Func<string, string> nameOf)
    {
        if (largest.Because.ProductId == productId)
        {
            return (EventType)largest.Because.StrongestKind switch
            {
                EventType.Purchase => "because you bought it before",
                EventType.Like => "because you liked it",
                EventType.Cart => "because you put it into your cart",
                _ => "because you looked at it",
            };
        }

        var name = nameOf(largest.Because.ProductId);
        return (EventType)largest.Because.StrongestKind switch
        {
            EventType.Purchase => $"because you bought {name}",
            EventType.Like => $"because you liked {name}",
            EventType.Cart => $"because you put {name} into your cart",
            _ => $"because you looked at {name}",
        };
    }

    public static string Of(RecommendationSource source, string? category) => (source, category) switch
    {
        (RecommendationSource.Trending, null) => "trending right now",
        (RecommendationSource.Trending, _) => $"trending right now in {category}",
        (_, null) => "popular with other shoppers",
        _ => $"popular with other shoppers in {category}",
    };
}
