using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class ReadableNameTests
{
    [Theory]
    [InlineData("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder")]
    [InlineData("SET/6 RED SPOTTY PAPER  PLATES.", "Set of 6 Red Spotty Paper Plates")]
    [InlineData("S/4 CACTI CANDLES", "Set of 4 Cacti Candles")]
    [InlineData("SET/20 RED RETROSPOT PAPER NAPKINS ", "Set of 20 Red Retrospot Paper Napkins")]
    [InlineData("PACK OF 72 RETROSPOT CAKE CASES", "Pack of 72 Retrospot Cake Cases")]
    [InlineData("MUM'S KITCHEN CLOCK", "Mum's Kitchen Clock")]
    [InlineData("RETRO \"TEA FOR ONE\"", "Retro \"Tea for One\"")]
    [InlineData("BLUE/YELLOW FLOWER DESIGN BIG MUG", "Blue/Yellow Flower Design Big Mug")]
    [InlineData("PINK/WHITE CHRISTMAS TREE 60CM", "Pink/White Christmas Tree 60cm")]
    [InlineData("POLYESTER FILLER PAD 45x45cm", "Polyester Filler Pad 45x45cm")]
    [InlineData("THE KING GIFT BAG", "The King Gift Bag")]
    [InlineData("Next Day Carriage", "Next Day Carriage")]
    [InlineData("iPhone case by Norvik", "iPhone case by Norvik")]
    [InlineData("CAFÉ TABLE", "Café Table")]
    [InlineData(" \t", "")]
    [InlineData(null, "")]
    [InlineData("A\0B \ud83c", "A B")]
    public void From_Description_ReadsAsAName(string? description, string name) =>
        Assert.Equal(name, ReadableName.From(description));

    [Theory]
    [InlineData("A")]
    [InlineData("🎁")]
    public void From_VeryLongText_IsCutToAValidName(string piece)
    {
        var name = ReadableName.From("x" + string.Concat(Enumerable.Repeat(piece, 400)));
        Assert.Null(ProductRules.Check(new Product { Id = "p", Name = name, Category = "c", Price = 1 }));
    }
}
