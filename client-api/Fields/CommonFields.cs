using Reco.GrainInterfaces;

namespace Reco.ClientApi.Fields;

/// <summary>Inputs that several endpoints share.</summary>
internal static class CommonFields
{
    public static readonly WholeNumber Limit = new("limit", 10, 1, 100, "Products wanted.");

    public static readonly Words Category = new("category", EventRules.IdCharactersMax, "Only this category, in any case.");

    public static readonly Amount MinPrice = new("min_price", 1_000_000_000m, "Lowest price, inclusive.");

    public static readonly Amount MaxPrice = new("max_price", 1_000_000_000m, "Highest price, inclusive.");

    public static readonly Flag ExcludePurchased = new("exclude_purchased", true, "Leave out what the user has bought.");
    public static readonly Flag ExcludeSeen = new("exclude_seen", true, "Leave out what the user has dealt with but not bought.");

    public static readonly Flag Explain = new("explain", false, "Add what each history item contributed to the score.");

    /// <summary>The fields of <see cref="ReadRecommendationQuery"/>.</summary>
    public static readonly Field[] Recommendation = [Limit, Category, MinPrice, MaxPrice, ExcludePurchased, ExcludeSeen, Explain];

    public static RecommendationQuery ReadRecommendationQuery(FieldReader fields)
    {
        var (min, max) = fields.ReadRange(MinPrice, MaxPrice);
        return new RecommendationQuery
        {
            Limit = fields.Read(Limit),
            Category = fields.Read(Category),
            MinPrice = min,
            MaxPrice = max,
            ExcludePurchased = fields.Read(ExcludePurchased),
            ExcludeSeen = fields.Read(ExcludeSeen),
            Explain = fields.Read(Explain),
        };
    }
}
