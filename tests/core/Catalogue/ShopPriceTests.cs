using Reco.Core.Catalogue;

namespace Reco.Core.Tests.Catalogue;

public sealed class ShopPriceTests
{
    [Theory]
    [InlineData(0, "0.49")]
    [InlineData(2.6, "2.49")]
    [InlineData(3.9, "3.99")]
    [InlineData(9.99, "9.99")]
    [InlineData(10.2, "9.99")]
    [InlineData(18.7, "18.99")]
    [InlineData(15.2, "14.95")]
    [InlineData(99.7, "99.95")]
    [InlineData(100, "100")]
    [InlineData(247, "244")]
    [InlineData(248, "249")]
    [InlineData(1304, "1299.99")]
    public void Round_AnyAmount_EndsAsShopsEndPrices(double amount, string price) =>
        Assert.Equal(decimal.Parse(price), ShopPrice.Round(amount));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.01)]
    [InlineData(1e9)]
    public void Round_NoPrice_Throws(double amount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShopPrice.Round(amount));

    [Fact]
    public void Round_GreaterAmount_IsNeverCheaper()
    {
        var previous = 0m;
        for (var cents = 0; cents < 200_000; cents += 7)
        {
            var price = ShopPrice.Round(cents / 100.0);
            Assert.True(price >= previous, $"{cents / 100.0} gives {price}, less than {previous}");
            previous = price;
        }
    }
}
