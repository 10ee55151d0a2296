using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class ProductRulesTests
{
    private static readonly Product Good = new() { Id = "p1", Name = "Café mug 🎁", Category = "Kitchen", Price = 9.99m, Stock = 0 };

    [Fact]
    public void Check_GoodProduct_HasNoFault() => Assert.Null(ProductRules.Check(Good));

    [Fact]
    public void Check_EveryFieldAtItsLimit_HasNoFault() => Assert.Null(ProductRules.Check(new Product
    {
        Id = new string('i', 128),
        Name = new string('n', 256),
        Category = new string('c', 128),
        Brand = new string('b', 128),
        Price = 1_000_000m,
        Stock = int.MaxValue,
    }));

    public static TheoryData<string, Product> Broken => new()
    {
        { "id", Good with { Id = "" } },
        { "id", Good with { Id = " " } },
        { "id", Good with { Id = new string('i', 129) } },
        { "id", Good with { Id = "a\nb" } },
        { "id", Good with { Id = null! } },
        { "name", Good with { Name = "" } },
        { "name", Good with { Name = new string('n', 257) } },
        { "name", Good with { Name = "a\0b" } },
        { "name", Good with { Name = "half \ud83c" } },
        { "name", Good with { Name = "\udf81 half" } },
        { "category", Good with { Category = "" } },
        { "category", Good with { Category = new string('c', 129) } },
        { "category", Good with { Category = "a\u0085" } },
        { "brand", Good with { Brand = new string('b', 129) } },
        { "brand", Good with { Brand = "\t" } },
        { "brand", Good with { Brand = null! } },
        { "price", Good with { Price = -0.01m } },
        { "price", Good with { Price = 1_000_000.01m } },
        { "stock", Good with { Stock = -1 } },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Check_OneBrokenField_NamesIt(string field, Product product)
    {
        var fault = ProductRules.Check(product);
        Assert.NotNull(fault);
        Assert.Equal(field, fault.Field);
        Assert.StartsWith($"{field}: must", fault.ToString(), StringComparison.Ordinal);
    }
}
