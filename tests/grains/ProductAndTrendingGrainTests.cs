using Reco.GrainInterfaces;

namespace Reco.Grains.Tests;

public sealed class ProductAndTrendingGrainTests
{
    [Fact]
    public async Task Apply_FromSeveralPartitions_CountsEachOffsetOnce()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var product = fixture.Grains.GetGrain<IProductGrain>("p");
        var first = fixture.ProductSlice(0, -1, fixture.ProductEvent(4, EventType.View, "u1"));
        var second = fixture.ProductSlice(1, -1, fixture.ProductEvent(2, EventType.Purchase, "u2", 5m), fixture.ProductEvent(4, EventType.View, "u2"));

        await product.ApplyAsync(first);
        await product.ApplyAsync(second);
        await product.ApplyAsync(first);

        var stats = (await product.GetStatsAsync())!;
        Assert.Equal(new EventCounts { View = 2, Purchase = 1 }, stats.Totals);
        Assert.Equal(2, stats.Window.DistinctUsers);
        Assert.Equal(5m, stats.Revenue);
        Assert.True(await product.FlushAsync(0, 4));
        Assert.True(await product.FlushAsync(1, 4));
        Assert.False(await product.FlushAsync(1, 5));
    }

    [Fact]
    public async Task Apply_BehindAGap_AppliesNothing()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var product = fixture.Grains.GetGrain<IProductGrain>("p");
        await product.ApplyAsync(fixture.ProductSlice(0, -1, fixture.ProductEvent(9, EventType.View, "u")));

        Assert.Equal(
            ApplyOutcome.MemoryLost,
            await product.ApplyAsync(fixture.ProductSlice(1, 3, fixture.ProductEvent(5, EventType.View, "u"))));
    }

    [Fact]
    public async Task FlushAll_OnePartitionNotIncluded_SaysWhichAndSavesOnceForTheOthers()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var product = fixture.Grains.GetGrain<IProductGrain>("p");
        await product.ApplyAsync(fixture.ProductSlice(0, -1, fixture.ProductEvent(4, EventType.View, "u")));
        await product.ApplyAsync(fixture.ProductSlice(2, -1, fixture.ProductEvent(7, EventType.View, "u")));

        Assert.Equal((bool[])[true, false, true], await product.FlushAllAsync([new(0, 4), new(1, 0), new(2, 7)]));
        Assert.Equal(1, fixture.Storage.Writes);
        Assert.Equal((bool[])[false], await product.FlushAllAsync([new(2, 8)]));
        Assert.Equal(1, fixture.Storage.Writes);
    }

    [Fact]
    public async Task ApplyAllAsync_SlicesOfSeveralPartitions_EachHasItsOwnOutcome()
    {
        await using var fixture = await GrainFixture.StartAsync();
        var product = fixture.Grains.GetGrain<IProductGrain>("p");
        await product.ApplyAsync(fixture.ProductSlice(2, -1, fixture.ProductEvent(7, EventType.View, "u")));

        ApplyOutcome[] outcomes = await product.ApplyAllAsync(
        [
            fixture.ProductSlice(0, -1, fixture.ProductEvent(4, EventType.View, "u"), fixture.ProductEvent(5, EventType.Cart, "u")),
            fixture.ProductSlice(1, 3, fixture.ProductEvent(5, EventType.View, "u")), // Of what came before it nothing is known.
            fixture.ProductSlice(2, 7, fixture.ProductEvent(7, EventType.View, "u"), fixture.ProductEvent(8, EventType.Like, "u")), // The first again.
        ]);

        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.MemoryLost, ApplyOutcome.Applied], outcomes);
        var totals = (await product.GetStatsAsync())!.Totals;
        Assert.Equal((2, 1, 1), (totals.View, totals.Cart, totals.Like));
        Assert.Equal((bool[])[true, false, true], await product.FlushAllAsync([new(0, 5), new(1, 5), new(2, 8)]));
    }

    [Fact]
    public async Task GetTop_AfterFlush_RanksByCategoryAndTotalsAddUp()
    {
        await using var fixture = await GrainFixture.StartAsync();
        fixture.Catalogue.Put("a", "Toys");
        fixture.Catalogue.Put("b", "Books");
        await BurstAsync(fixture, "a", 30);
        await BurstAsync(fixture, "b", 60);

        var board = fixture.Grains.GetGrain<ITrendingGrain>(0);
        var popular = await board.GetTopAsync(new TopQuery { Kind = TopKind.Popular });
        var toys = await board.GetTopAsync(new TopQuery { Kind = TopKind.Trending, Category = "toys" });
        var shop = await board.GetShopStatsAsync();

        Assert.Equal(["b", "a"], popular.Select(p => p.ProductId));
        Assert.Equal("a name", Assert.Single(toys).Name);
        Assert.Equal(90, shop.Totals.View);
        Assert.Equal(2, shop.Products);
    }

    [Fact]
    public async Task GetTop_TimePassesWithoutEvents_TrendingIsEmptyAndPopularStays()
    {
        await using var fixture = await GrainFixture.StartAsync();
        await BurstAsync(fixture, "a", 50);
        var board = fixture.Grains.GetGrain<ITrendingGrain>(0);
        Assert.NotEmpty(await board.GetTopAsync(new TopQuery { Kind = TopKind.Trending }));

        fixture.Time.Advance(TimeSpan.FromHours(6));

        Assert.Empty(await board.GetTopAsync(new TopQuery { Kind = TopKind.Trending }));
        Assert.NotEmpty(await board.GetTopAsync(new TopQuery { Kind = TopKind.Popular }));
    }

    [Fact]
    public async Task Board_NewHost_IsTheSameAfterFlush()
    {
        var storage = new FaultyStorage();
        await using (var fixture = await GrainFixture.StartAsync(storage))
        {
            await BurstAsync(fixture, "a", 20);
            await fixture.Grains.GetGrain<ITrendingGrain>(0).FlushAsync();
        }

        await using var again = await GrainFixture.StartAsync(storage);
        Assert.Equal(20, (await again.Grains.GetGrain<ITrendingGrain>(0).GetShopStatsAsync()).Totals.View);
    }

    private static async Task BurstAsync(GrainFixture fixture, string productId, int views)
    {
        var product = fixture.Grains.GetGrain<IProductGrain>(productId);
        await product.ApplyAsync(fixture.ProductSlice(
            0, -1, [.. Enumerable.Range(0, views).Select(i => fixture.ProductEvent(i, EventType.View, $"u{i}"))]));
        Assert.True(await product.FlushAsync(0, views - 1));
    }
}
