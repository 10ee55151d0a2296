using System.Net;
using Reco.ClientApi.Tests.Hosting;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Endpoints;

public sealed class RecommendationTests
{
    [Fact]
    public async Task Recommendations_KnownUser_AnswersItemsWithSourceReasonAndContributions()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Recommendations = Samples.Recommendations;

        JsonAsserts.Equal(
            """
            {"user_id":"u-1","model_version":3,"generated_at":"2026-01-05T12:00:00+00:00","items":[
              {"product_id":"p-1","name":"Running shoes","category":"sports","price":79.90,"score":0.75,"source":"als","reason":"because you bought Socks",
               "contributions":[{"product_id":"p-9","name":"Socks","because":"purchase","value":0.5}]},
              {"product_id":"unlisted","name":"unlisted","category":null,"price":null,"score":0.5,"source":"trending","reason":"trending now"}]}
            """,
            await host.GetAsync("/recommendations/u-1?explain=true"));
    }

    [Fact]
    public async Task Recommendations_NoParameters_AsksWithTheDefaults()
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync("/recommendations/nobody");

        Assert.Equal(new RecommendationQuery(), host.Grains.LastAsked<RecommendationQuery>());
        Assert.Equal("nobody", host.Grains.Asked.Single().Key);
    }

    [Fact]
    public async Task Recommendations_EveryParameter_ReachesTheGrain()
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync("/recommendations/u?limit=100&category=Home%20%26%20Garden&min_price=1.50&max_price=20&exclude_purchased=false&exclude_seen=false&explain=true");

        Assert.Equal(
            new RecommendationQuery
            {
                Limit = 100,
                Category = "Home & Garden",
                MinPrice = 1.5m,
                MaxPrice = 20,
                ExcludePurchased = false,
                ExcludeSeen = false,
                Explain = true,
            },
            host.Grains.LastAsked<RecommendationQuery>());
    }

    [Theory]
    [InlineData("limit=0", "limit", "from 1 to 100")]
    [InlineData("limit=101", "limit", "from 1 to 100")]
    [InlineData("limit=-1", "limit", "from 1 to 100")]
    [InlineData("limit=abc", "limit", "whole number")]
    [InlineData("limit=", "limit", "whole number")]
    [InlineData("limit=1.0", "limit", "whole number")]
    [InlineData("limit=99999999999", "limit", "whole number")]
    [InlineData("limit=5&limit=6", "limit", "once")]
    [InlineData("exclude_purchased=maybe", "exclude_purchased", "true or false")]
    [InlineData("explain=", "explain", "true or false")]
    [InlineData("min_price=cheap", "min_price", "number")]
    [InlineData("min_price=-1", "min_price", "from 0")]
    [InlineData("max_price=1,5", "max_price", "point")]
    [InlineData("max_price=NaN", "max_price", "number")]
    [InlineData("min_price=5&max_price=4.99", "min_price", "above max_price")]
    [InlineData("category=a%00b", "category", "control")]
    public async Task Recommendations_BadParameter_NamesTheFieldAndTheRule(string query, string field, string rule)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.GetAsync($"/recommendations/u?{query}", HttpStatusCode.BadRequest), field, rule);
        Assert.Empty(host.Grains.Asked);
    }

    [Fact]
    public async Task Recommendations_CategoryOver128Characters_NamesTheField()
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(
            await host.GetAsync($"/recommendations/u?category={new string('c', 129)}", HttpStatusCode.BadRequest), "category", "128");
    }

    [Fact]
    public async Task Recommendations_SeveralBadParameters_NamesThemAll()
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.GetAsync($"/recommendations/{new string('u', 129)}?limit=0&explain=perhaps", HttpStatusCode.BadRequest);

        Assert.Equal(["explain", "limit", "user"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%20b", "a b")]
    [InlineData("%C3%BCser", "üser")]
    [InlineData("17850", "17850")]
    public async Task Recommendations_EscapedUser_IsThatUser(string segment, string user)
    {
        await using var host = await ApiHost.StartAsync();

        var answer = await host.GetAsync($"/recommendations/{segment}");

        Assert.Equal(user, answer.GetProperty("user_id").GetString());
        Assert.Equal(user, host.Grains.Asked.Single().Key);
    }

    [Fact]
    public async Task Session_EveryField_ReachesTheGrain()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Recommendations = Samples.Recommendations;

        var answer = await host.PostAsync(
            "/recommendations/session",
            """{"product_ids":["p-1","p-2"],"limit":5,"category":"home","min_price":1,"max_price":2.5,"exclude_purchased":false,"exclude_seen":false,"explain":true}""");

        var asked = host.Grains.LastAsked<SessionQuery>();
        Assert.Equal(["p-1", "p-2"], asked.ProductIds);
        Assert.Equal(
            new RecommendationQuery { Limit = 5, Category = "home", MinPrice = 1, MaxPrice = 2.5m, ExcludePurchased = false, ExcludeSeen = false, Explain = true },
            asked.Query);
        Assert.False(answer.TryGetProperty("user_id", out _));
        Assert.Equal(3, answer.GetProperty("model_version").GetInt64());
        Assert.Equal(2, answer.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "product_ids", "1 to 100")]
    [InlineData("""{"product_ids":[]}""", "product_ids", "1 to 100")]
    [InlineData("""{"product_ids":"p-1"}""", "product_ids", "1 to 100")]
    [InlineData("""{"product_ids":["p-1",2]}""", "product_ids[1]", "string")]
    [InlineData("""{"product_ids":["p-1",""]}""", "product_ids[1]", "1 to 128")]
    [InlineData("""{"product_ids":["a\nb"]}""", "product_ids[0]", "control")]
    [InlineData("""{"product_ids":["p"],"limit":0}""", "limit", "1 to 100")]
    [InlineData("""{"product_ids":["p"],"limit":"5"}""", "limit", "whole number")]
    [InlineData("""{"product_ids":["p"],"category":7}""", "category", "string")]
    [InlineData("""{"product_ids":["p"],"explain":"yes"}""", "explain", "true or false")]
    [InlineData("""{"product_ids":["p"],"max_price":-1}""", "max_price", "from 0")]
    public async Task Session_BadField_NamesTheFieldAndTheRule(string body, string field, string rule)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.PostAsync("/recommendations/session", body, HttpStatusCode.BadRequest), field, rule);
    }

    [Fact]
    public async Task Session_101Products_NamesTheField()
    {
        await using var host = await ApiHost.StartAsync();
        var ids = string.Join(",", Enumerable.Range(0, 101).Select(index => $"\"p-{index}\""));

        JsonAsserts.NamesField(
            await host.PostAsync("/recommendations/session", $"{{\"product_ids\":[{ids}]}}", HttpStatusCode.BadRequest), "product_ids", "1 to 100");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"product_ids":["p"]} x""")]
    [InlineData("""{"product_ids":["\ud800"]}""")]
    public async Task Session_BrokenBody_IsABadRequest(string body)
    {
        await using var host = await ApiHost.StartAsync();

        await host.PostAsync("/recommendations/session", body, HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/trending", TopKind.Trending)]
    [InlineData("/popular-products", TopKind.Popular)]
    public async Task Ranking_WithCategory_AsksForThatRanking(string path, TopKind kind)
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Top = [Samples.Ranked];

        JsonAsserts.Equal(
            """
            {"generated_at":"2026-01-05T12:00:00+00:00","category":"sports","items":[
              {"product_id":"p-1","name":"Running shoes","category":"sports","price":79.90,"score":2.5}]}
            """,
            await host.GetAsync($"{path}?limit=7&category=sports"));
        Assert.Equal(new TopQuery { Kind = kind, Limit = 7, Category = "sports" }, host.Grains.LastAsked<TopQuery>());
    }

    [Theory]
    [InlineData("/trending?limit=0")]
    [InlineData("/popular-products?limit=101")]
    [InlineData("/trending?limit=abc")]
    public async Task Ranking_BadLimit_NamesIt(string url)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.GetAsync(url, HttpStatusCode.BadRequest), "limit", "from 1 to 100");
    }
}
