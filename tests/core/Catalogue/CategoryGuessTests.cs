using System.IO.Compression;
using System.Runtime.CompilerServices;
using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class CategoryGuessTests
{
    [Theory]
    [InlineData("WHITE HANGING HEART T-LIGHT HOLDER", "Candles & Lighting")]
    [InlineData("REGENCY CAKESTAND 3 TIER", "Kitchen & Dining")]
    [InlineData("JUMBO BAG RED RETROSPOT", "Bags & Travel")]
    [InlineData("LUNCH BAG RED VINTAGE DOILY", "Bags & Travel")]
    [InlineData("PARTY BUNTING", "Party & Celebrations")]
    [InlineData("ASSORTED COLOUR BIRD ORNAMENT", "Home Décor")]
    [InlineData("KNITTED UNION FLAG HOT WATER BOTTLE", "Home Décor")]
    [InlineData("PAPER CHAIN KIT 50'S CHRISTMAS ", "Christmas & Seasonal")]
    [InlineData("BLUE FELT EASTER EGG BASKET", "Christmas & Seasonal")]
    [InlineData("AMBER CHUNKY GLASS+BEAD NECKLACE", "Jewellery & Accessories")]
    [InlineData("LETTER \"M\" BLING KEY RING", "Jewellery & Accessories")]
    [InlineData("ENGLISH ROSE GARDEN SECATEURS", "Garden & Outdoor")]
    [InlineData("CIRCUS PARADE CHILDRENS EGG CUP", "Kitchen & Dining")]
    [InlineData("SPACEBOY JIGSAW PUZZLE", "Toys & Children")]
    [InlineData("BLUE FLOWER DESIGN BIG MUG WITH HEART", "Kitchen & Dining")]
    [InlineData("PACK OF 12 PENCILS IN TIN", "Stationery & Cards")]
    [InlineData("SET OF 3 STORAGE BOXES", "Storage & Organisers")]
    [InlineData("TRAVEL SEWING KIT", "Craft & Sewing")]
    [InlineData("DOTCOM POSTAGE", CategoryGuess.Fallback)]
    [InlineData("", CategoryGuess.Fallback)]
    [InlineData(null, CategoryGuess.Fallback)]
    [InlineData("??? \ud83c 123", CategoryGuess.Fallback)]
    public void FromDescription_Description_IsInItsCategory(string? description, string category) =>
        Assert.Equal(category, CategoryGuess.FromDescription(description));

    [Fact]
    public void FromDescription_PluralOrLowerCase_IsTheSame()
    {
        Assert.Equal(CategoryGuess.FromDescription("RED MUG"), CategoryGuess.FromDescription("red mugs"));
        Assert.Equal(CategoryGuess.FromDescription("TRINKET BOX"), CategoryGuess.FromDescription("Trinket Boxes"));
    }

    [Fact]
    public void Categories_All_AreDistinctAndEndWithTheFallback()
    {
        Assert.Equal(CategoryGuess.Categories.Count, CategoryGuess.Categories.Distinct().Count());
        Assert.Equal(CategoryGuess.Fallback, CategoryGuess.Categories[^1]);
        Assert.InRange(CategoryGuess.Categories.Count, 10, 14);
    }

    [Fact]
    public void FromDescription_RealRetailFile_PlacesNineteenInTwenty()
    {
        var path = Path.Combine(RepositoryFolder(), "..", "shared", "data", "online-retail.csv.gz");
        Assert.SkipUnless(File.Exists(path), "The UCI Online Retail file is not there.");

        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var descriptions = new HashSet<string>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            // The third column; the few that are quoted are of no matter here.
            var columns = line.Split(',', 4);
            if (columns is [_, _, { Length: > 0 } description, _] && !description.StartsWith('"') && description.Any(char.IsUpper))
            {
                descriptions.Add(description);
            }
        }

        var placed = descriptions.GroupBy(CategoryGuess.FromDescription).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(placed[CategoryGuess.Fallback], 1, descriptions.Count / 20);
        Assert.Equal(CategoryGuess.Categories.Order(), placed.Keys.Order());
    }

    private static string RepositoryFolder([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
