namespace Reco.Core.Catalogue.Seeds;

/// <summary>What a seeded category is made of.</summary>
/// <param name="Name">The category.</param>
/// <param name="Weight">Its share of the products, relative to the others.</param>
/// <param name="Brands">Invented.</param>
/// <param name="Lines">Product lines; any brand has any of them.</param>
/// <param name="Types">What is sold.</param>
/// <param name="Numbered">Whether the line carries a model number ("Aero 15").</param>
internal sealed record CategoryPlan(
    string Name, int Weight, string[] Brands, string[] Lines, ProductType[] Types, bool Numbered = false)
{
    /// <summary>Books are named by title, not by brand.</summary>
    public bool TitleFirst { get; init; }
}

/// <summary>One kind of product.</summary>
/// <param name="Noun">What it is called.</param>
/// <param name="MedianPrice">Half of them cost less.</param>
/// <param name="Spread">Standard deviation of the logarithm of the price.</param>
/// <param name="Features">One of them goes before the noun.</param>
/// <param name="Variants">One of them goes after it.</param>
internal sealed record ProductType(string Noun, double MedianPrice, double Spread, string[] Features, string[] Variants);

/// <summary>The ten categories of the seeded shop.</summary>
internal static partial class SeedPlans
{
    // Static fields are set in the order of the text: the plans below use these two.
    private static readonly string[] Finishes = ["Graphite", "Silver", "Midnight Blue", "White", "Black", "Sand"];
    private static readonly string[] Colours = ["Black", "Navy", "Olive", "Burgundy", "Grey", "Cream", "Rust", "Teal"];

    public static readonly CategoryPlan[] All =
    [
        Electronics(), HomeAndKitchen(), Fashion(), Beauty(), Sports(), Books(), Toys(), Grocery(), Garden(), Office(),
    ];
}
