namespace Reco.Core.Tests.Trending;

/// <summary>What a shopkeeper may expect of the trending list, in simulated hours with the default options.</summary>
public sealed class TrendingBehaviourTests
{
    private static readonly (string Id, double Rate)[] Assortment = SimulatedShop.Assortment(200, bestSellerRate: 20);

    [Fact]
    public void Top_SteadyShop_NobodyTrendsThoughTheBestSellerIsPopular()
    {
        var shop = new SimulatedShop();
        shop.Run(TimeSpan.FromHours(48), _ => Assortment);

        Assert.Empty(shop.Top());
        Assert.Equal("p001", shop.Board.TopPopular(shop.NowMs, 3, new())[0].ProductId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Top_SteadyShopWithNoise_ABurstIsFarAboveChance(int seed)
    {
        var shop = new SimulatedShop(seed);
        shop.Run(TimeSpan.FromHours(48), _ => Assortment);
        Assert.All(shop.Top(200), row => Assert.InRange(row.Score, 0, 4));

        shop.Run(TimeSpan.FromMinutes(10), _ => Assortment.Append(("p150", 5)));

        var top = shop.Top(2);
        Assert.Equal("p150", top[0].ProductId);
        Assert.True(top.Length == 1 || top[0].Score > 3 * top[1].Score);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 9)]
    [InlineData(20, 6)]
    [InlineData(100, 4)]
    public void Top_ShopThatHasJustOpened_BestSellerLeavesWithinHours(double bestSellerRate, int hours)
    {
        var shop = new SimulatedShop();
        var assortment = SimulatedShop.Assortment(200, bestSellerRate);
        var rising = double.PositiveInfinity;
        shop.Run(TimeSpan.FromHours(1), _ => assortment);
        for (var hour = 2; hour <= hours; hour++)
        {
            shop.Run(TimeSpan.FromHours(1), _ => assortment);
            var score = shop.Top().FirstOrDefault(r => r.ProductId == "p001").Score;
            Assert.InRange(score, 0, Math.Min(3, rising));
            rising = score;
        }

        Assert.Empty(shop.Top());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Top_ShopThatOpenedAnHourAgo_ABurstIsAboveTheBestSeller(int seed)
    {
        var shop = new SimulatedShop(seed);
        shop.Run(TimeSpan.FromHours(1), _ => Assortment);
        shop.Run(TimeSpan.FromMinutes(10), _ => Assortment.Append(("new", 20)));

        Assert.Equal("new", shop.TopIds()[0]);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(100, 60)]
    [InlineData(10_000, 90)]
    public void Top_EmptyShop_OneBurstShowsAndDecaysToNothing(double weight, int minutesMax)
    {
        var shop = new SimulatedShop();
        shop.Add("only", weight);
        Assert.Equal(["only"], shop.TopIds());

        var before = shop.Top()[0].Score;
        for (var minute = 1; minute < minutesMax && shop.Top() is [var only]; minute++)
        {
            Assert.InRange(only.Score, 0, before);
            before = only.Score;
            shop.Run(TimeSpan.FromMinutes(1), _ => []);
        }

        Assert.Empty(shop.Top());
    }

    [Fact]
    public void Top_BoardThatHearsNothingMore_DecaysToNothingByItself()
    {
        var shop = new SimulatedShop();
        shop.Run(TimeSpan.FromHours(24), _ => Assortment);
        shop.Run(TimeSpan.FromMinutes(20), _ => Assortment.Append(("hot", 50)));
        Assert.Equal("hot", shop.TopIds()[0]);

        Assert.Empty(shop.Board.Top(shop.NowMs + (3 * 60 * SimulatedShop.Minute), 10, shop.Options));
    }

    [Fact]
    public void Top_FewEventsOnAnUnknownProduct_StayBelowARealBurst()
    {
        var shop = new SimulatedShop(noiseSeed: 4);
        shop.Run(TimeSpan.FromHours(48), _ => Assortment);
        shop.Run(TimeSpan.FromMinutes(10), _ => Assortment.Append(("p040", 5)));
        shop.Add("unknown", 5);
        shop.Add("unknown too", 8);

        var top = shop.Top(200);

        Assert.Equal("p040", top[0].ProductId);
        Assert.All(top.Where(r => r.ProductId.StartsWith("unknown", StringComparison.Ordinal)), r => Assert.InRange(r.Score, 0, top[0].Score / 5));
    }

    [Fact]
    public void Top_WholeShopTwentyTimesAsBusy_KeepsTheOrder()
    {
        // Three products trend differently: one from nothing, one doubling, one best-seller half above its usual.
        (string Id, double Rate)[] today = [.. Assortment, ("new", 4), ("p010", 2), ("p001", 10)];
        var usual = new SimulatedShop();
        var promotion = new SimulatedShop();
        foreach (var shop in new[] { usual, promotion })
        {
            shop.Run(TimeSpan.FromHours(72), _ => Assortment);
        }

        usual.Run(TimeSpan.FromMinutes(15), _ => today);
        promotion.Run(TimeSpan.FromMinutes(15), _ => today.Select(p => (p.Id, p.Rate * 20)));

        Assert.Equal(["new", "p001", "p010"], usual.TopIds());
        Assert.Equal(usual.TopIds(), promotion.TopIds(3));
        Assert.InRange(promotion.Board.LoadAt(promotion.NowMs, promotion.Options), 8, 21);
    }

    [Fact]
    public void Top_WholeShopTwentyTimesAsBusyOnASteadyDay_NobodyTrends()
    {
        var shop = new SimulatedShop();
        shop.Run(TimeSpan.FromHours(72), _ => Assortment);
        shop.Run(TimeSpan.FromMinutes(30), _ => Assortment.Select(p => (p.Id, p.Rate * 20)));

        Assert.Empty(shop.Top());
    }

    [Fact]
    public void Top_DailyLoadCurve_NeverPutsTheBestSellerForward()
    {
        var shop = new SimulatedShop();
        IEnumerable<(string, double)> Curve(double hour) => Assortment.Select(p => (p.Id, p.Rate * (1 + (0.9 * Math.Sin((hour - 8) / 12 * Math.PI)))));
        shop.Run(TimeSpan.FromHours(72), Curve);
        for (var hour = 0; hour < 24; hour++)
        {
            shop.Run(TimeSpan.FromHours(1), Curve);
            Assert.Empty(shop.Top());
        }
    }
}
