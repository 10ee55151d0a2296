namespace Reco.Adapters.Embedded.Search;

/// <summary>The ranges of the price facet; a price on a border belongs to the upper one.</summary>
internal static class PriceRanges
{
    public static readonly string[] Names = ["0-25", "25-50", "50-100", "100-200", "200-500", "500-1000", "1000+"];

    public static byte Of(decimal price) => price switch
    {
        < 25 => 0,
        < 50 => 1,
        < 100 => 2,
        < 200 => 3,
        < 500 => 4,
        < 1000 => 5,
        _ => 6,
    };
}
