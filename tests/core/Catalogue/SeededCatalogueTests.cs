using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class SeededCatalogueTests
{
    private static readonly IReadOnlyList<Product> Shop = SeededCatalogue.Generate();

    [Fact]
    public void Generate_Default_IsAThousandValidProductsInTenCategories()
    {
        Assert.Equal(1000, Shop.Count);
        Assert.Equal(10, Shop.Select(p => p.Category).Distinct().Count());
        Assert.All(Shop, product => Assert.Null(ProductRules.Check(product)));
        Assert.All(Shop.GroupBy(p => p.Category), category => Assert.InRange(category.Count(), 40, 250));
    }

    [Fact]
    public void Generate_Ids_CountFromOneWithFourDigits()
    {
        Assert.Equal("product_0001", Shop[0].Id);
        Assert.Equal("product_1000", Shop[999].Id);
        Assert.Equal("product_10001", SeededCatalogue.Generate(10_001)[^1].Id);
    }

    [Fact]
    public void Generate_SameSeed_IsTheSameShopAndASmallerOneItsBeginning()
    {
        Assert.Equal(Shop, SeededCatalogue.Generate());
        Assert.Equal(Shop.Take(137), SeededCatalogue.Generate(137));
    }

    [Fact]
    public void Generate_FirstProduct_IsTheSameForever()
    {
        // Stored events name these ids: a change of the generator changes what they mean.
        var first = Shop[0];
        Assert.Equal(
            "Orbix Aero 4 Shockproof Phone Case, Graphite | Electronics | Orbix | 19.95 | 115",
            $"{first.Name} | {first.Category} | {first.Brand} | {first.Price} | {first.Stock}");
    }

    [Fact]
    public void Generate_OtherSeed_IsAnotherShop() =>
        Assert.True(Shop.Zip(SeededCatalogue.Generate(seed: 7)).Count(pair => pair.First.Name == pair.Second.Name) < 10);

    [Theory]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void Generate_AnySize_NamesAreDistinct(int products) =>
        Assert.Equal(products, SeededCatalogue.Generate(products).Select(p => p.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    [Fact]
    public void Generate_Electronics_HasSeveralPhones()
    {
        var phones = Shop.Where(p => p.Category == "Electronics" && p.Name.Contains(" Phone,", StringComparison.Ordinal)).ToList();
        Assert.InRange(phones.Count, 3, 50);
        Assert.All(phones, phone => Assert.InRange(phone.Price, 50m, 3_000m));
    }

    [Fact]
    public void Generate_Prices_EndAsAShopsDoAndSpanTheRanges()
    {
        Assert.All(Shop, product => Assert.Contains((int)(product.Price * 100 % 100), new[] { 0, 49, 95, 99 }));
        Assert.InRange(Shop.Count(p => p.Price is >= 100 and <= 500), 150, 500);
        Assert.InRange(Shop.Count(p => p.Price < 25), 150, 600);
        Assert.InRange(Shop.Count(p => p.Price > 500), 20, 200);
    }

    [Fact]
    public void Generate_Stock_IsMostlyThere()
    {
        Assert.InRange(Shop.Count(p => p.Stock == 0), 5, 80);
        Assert.All(Shop, product => Assert.InRange(product.Stock, 0, 5_000));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(SeededCatalogue.ProductsMax + 1)]
    public void Generate_ImpossibleSize_Throws(int products) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SeededCatalogue.Generate(products));
}
