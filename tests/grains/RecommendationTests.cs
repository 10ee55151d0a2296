using Reco.GrainInterfaces;

namespace Reco.Grains.Tests;

public sealed class RecommendationTests
{
    [Fact]
    public async Task Recommend_TrainedModel_RanksTheOwnTasteWithReasons()
    {
        await using var fixture = await TrainedAsync();
        var user = await EvenShopperAsync(fixture);

        var answer = await user.RecommendAsync(new RecommendationQuery { Limit = 5, Explain = true });

        Assert.Equal(1, answer.ModelVersion);
        Assert.Equal(5, answer.Items.Select(i => i.ProductId).Distinct().Count());
        Assert.All(answer.Items.Take(3), item =>
        {
            Assert.Equal(RecommendationSource.Als, item.Source);
            Assert.Equal(0, int.Parse(item.ProductId[1..], System.Globalization.CultureInfo.InvariantCulture) % 2);
            Assert.StartsWith("because you ", item.Reason, StringComparison.Ordinal);
            Assert.Equal(item.Score, item.Contributions!.Sum(c => c.Value), 1e-4);
        });
    }

    [Fact]
    public async Task Recommend_Bought_IsLeftOutUnlessAskedFor()
    {
        await using var fixture = await TrainedAsync();
        var user = await EvenShopperAsync(fixture);

        var without = await user.RecommendAsync(new RecommendationQuery { Limit = 20 });
        var with = await user.RecommendAsync(new RecommendationQuery { Limit = 20, ExcludePurchased = false });

        Assert.DoesNotContain(without.Items, i => i.ProductId == "p0");
        Assert.DoesNotContain(without.Items, i => i.ProductId == "p2");
        Assert.Contains(with.Items, i => i.ProductId == "p0");
    }

    [Fact]
    public async Task Recommend_Seen_ComesBackWhenAskedForWithItsOwnReason()
    {
        await using var fixture = await TrainedAsync();
        var user = await EvenShopperAsync(fixture);

        var items = (await user.RecommendAsync(new RecommendationQuery { Limit = 20, ExcludeSeen = false })).Items;

        Assert.Contains(items, i => i.ProductId == "p2" && i.Reason is "because you looked at it" or "because you bought p0");
        Assert.DoesNotContain(items, i => i.ProductId == "p0");
    }

    [Fact]
    public async Task Recommend_AmongGivenProducts_RanksThoseByTheModelOnlyWhetherBoughtOrNot()
    {
        await using var fixture = await TrainedAsync();
        var user = await EvenShopperAsync(fixture);

        var answer = await user.RecommendAsync(new RecommendationQuery { Limit = 100, Among = ["p0", "p4", "p5", "unheard of"] });

        Assert.All(answer.Items, item => Assert.Equal(RecommendationSource.Als, item.Source));
        Assert.Equal(["p0", "p4"], answer.Items.Where(item => item.Score > 0.1).Select(item => item.ProductId).Order());
        Assert.DoesNotContain(answer.Items, item => item.ProductId is not ("p0" or "p4" or "p5"));

        var nobody = fixture.Grains.GetGrain<IUserGrain>("nobody");
        Assert.Empty((await nobody.RecommendAsync(new RecommendationQuery { Among = ["p0"] })).Items);
    }

    [Fact]
    public async Task Recommend_NextPurchase_ChangesTheNextAnswer()
    {
        await using var fixture = await TrainedAsync();
        var user = await EvenShopperAsync(fixture);
        var first = (await user.RecommendAsync(new RecommendationQuery { Limit = 1 })).Items[0].ProductId;

        await user.ApplyAsync(fixture.UserSlice(1, fixture.UserEvent(2, EventType.Purchase, first)));

        Assert.NotEqual(first, (await user.RecommendAsync(new RecommendationQuery { Limit = 1 })).Items[0].ProductId);
    }

    [Fact]
    public async Task Recommend_NoHistory_GivesTrendingThenPopularWithoutRepeats()
    {
        await using var fixture = await GrainFixture.StartAsync();
        fixture.Catalogue.Put("old", "Toys");
        await ViewsAsync(fixture, "old", 20);
        fixture.Time.Advance(TimeSpan.FromHours(5));
        fixture.Catalogue.Put("new", "Toys");
        await ViewsAsync(fixture, "new", 20);

        var answer = await fixture.Grains.GetGrain<IUserGrain>("nobody").RecommendAsync(new RecommendationQuery());

        Assert.Equal(0, answer.ModelVersion);
        Assert.Equal(
            [("new", RecommendationSource.Trending), ("old", RecommendationSource.Popular)],
            answer.Items.Select(i => (i.ProductId, i.Source)));
        Assert.Equal("trending right now in Toys", answer.Items[0].Reason);
    }

    [Fact]
    public async Task Recommend_NoModel_PrefersTrendingOfTheOwnCategory()
    {
        await using var fixture = await GrainFixture.StartAsync();
        fixture.Catalogue.Put("toy", "Toys");
        fixture.Catalogue.Put("book", "Books");
        fixture.Catalogue.Put("seen", "Books");
        await ViewsAsync(fixture, "toy", 60);
        await ViewsAsync(fixture, "book", 30);
        var user = fixture.Grains.GetGrain<IUserGrain>("reader");
        await user.ApplyAsync(fixture.UserSlice(-1, fixture.UserEvent(0, EventType.Purchase, "seen")));

        var answer = await user.RecommendAsync(new RecommendationQuery { Limit = 2 });

        Assert.Equal(["book", "toy"], answer.Items.Select(i => i.ProductId));
    }

    [Fact]
    public async Task Recommend_FilledUp_KnowsANewRankingAfterASecond()
    {
        await using var fixture = await GrainFixture.StartAsync();
        fixture.Catalogue.Put("old", "Toys");
        fixture.Catalogue.Put("new", "Toys");
        await ViewsAsync(fixture, "old", 20);
        var user = fixture.Grains.GetGrain<IUserGrain>("nobody");
        Assert.Equal(["old"], await IdsAsync());
        await ViewsAsync(fixture, "new", 30);

        Assert.Equal(["old"], await IdsAsync());
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["new", "old"], await IdsAsync());

        async Task<IEnumerable<string>> IdsAsync() =>
            (await user.RecommendAsync(new RecommendationQuery())).Items.Select(item => item.ProductId);
    }

    [Fact]
    public async Task Recommend_OutOfStockOrOutsideThePrice_IsLeftOut()
    {
        await using var fixture = await GrainFixture.StartAsync();
        fixture.Catalogue.Put("gone", "Toys", stock: 0);
        fixture.Catalogue.Put("cheap", "Toys", price: 1);
        fixture.Catalogue.Put("dear", "Toys", price: 100);
        foreach (var id in new[] { "gone", "cheap", "dear" })
        {
            await ViewsAsync(fixture, id, 20);
        }

        var answer = await fixture.Grains.GetGrain<IUserGrain>("nobody").RecommendAsync(new RecommendationQuery { MinPrice = 50, Category = "TOYS" });

        Assert.Equal("dear", Assert.Single(answer.Items).ProductId);
    }

    [Fact]
    public async Task SessionGrain_RecentProducts_AreNotRecommendedAgain()
    {
        await using var fixture = await TrainedAsync();

        var answer = await fixture.Grains.GetGrain<ISessionGrain>(0).RecommendAsync(
            new SessionQuery { ProductIds = ["p1", "p3"], Query = new RecommendationQuery { Limit = 2 } });

        Assert.Equal(2, answer.Items.Length);
        Assert.All(answer.Items, item =>
        {
            Assert.DoesNotContain(item.ProductId, new[] { "p1", "p3" });
            Assert.Equal(1, int.Parse(item.ProductId[1..], System.Globalization.CultureInfo.InvariantCulture) % 2);
            Assert.StartsWith("because you looked at", item.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task GetSimilar_TrainedModel_GivesTheSameTaste()
    {
        await using var fixture = await TrainedAsync();

        var similar = await fixture.Grains.GetGrain<IProductGrain>("p4").GetSimilarAsync(2);

        Assert.Equal(1, similar.ModelVersion);
        Assert.Equal(2, similar.Items.Length);
        Assert.All(similar.Items, i => Assert.Equal(0, int.Parse(i.ProductId[1..], System.Globalization.CultureInfo.InvariantCulture) % 2));
        Assert.Empty((await fixture.Grains.GetGrain<IProductGrain>("unknown").GetSimilarAsync(3)).Items);
    }

    private static async Task<GrainFixture> TrainedAsync()
    {
        var fixture = await GrainFixture.StartAsync(training: options =>
        {
            options.Als.Factors = 8;
            options.Als.Iterations = 8;
            options.HeldOutFraction = 0;

            // 8 factors have room for the noise of 20 products: at the default 0.007 an odd product comes third, at 0.03 the neighbours lead.
            options.Als.Regularization = 0.03;
        });
        await AlsGrainTests.FillAsync(fixture);
        Assert.Equal(TrainingOutcome.Published, (await AlsGrainTests.TrainAsync(fixture)).LastOutcome);
        return fixture;
    }

    private static async Task<IUserGrain> EvenShopperAsync(GrainFixture fixture)
    {
        var user = fixture.Grains.GetGrain<IUserGrain>("even");
        await user.ApplyAsync(fixture.UserSlice(
            -1, fixture.UserEvent(0, EventType.Purchase, "p0", 5m), fixture.UserEvent(1, EventType.View, "p2")));
        return user;
    }

    private static async Task ViewsAsync(GrainFixture fixture, string productId, int views)
    {
        var product = fixture.Grains.GetGrain<IProductGrain>(productId);
        await product.ApplyAsync(fixture.ProductSlice(
            0, -1, [.. Enumerable.Range(0, views).Select(i => fixture.ProductEvent(i, EventType.View, $"u{i}"))]));
        await product.FlushAsync(0, views - 1);
    }
}
