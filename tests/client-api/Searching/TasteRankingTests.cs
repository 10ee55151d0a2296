using System.Net;
using Reco.ClientApi.Searching;
using Reco.ClientApi.Tests.Hosting;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Searching;

public sealed class TasteRankingTests
{
    private static readonly SearchHit[] Hits = [Hit("a", 10), Hit("b", 8), Hit("c", 8), Hit("d", 1)];

    [Fact]
    public void Blend_WithoutTaste_KeepsTheOrder() =>
        Assert.Equal(["a", "b", "c", "d"], Ids(TasteRanking.Blend(Hits, new Dictionary<string, double>(), 0.5)));

    [Fact]
    public void Blend_TasteForAWorseMatch_LiftsItAsFarAsItsWeightGoes()
    {
        var taste = new Dictionary<string, double> { ["c"] = 1, ["d"] = 0.9 };
        Assert.Equal(["c", "a", "b", "d"], Ids(TasteRanking.Blend(Hits, taste, 0.5)));
        Assert.Equal(["c", "d", "a", "b"], Ids(TasteRanking.Blend(Hits, taste, 5)));
        Assert.Equal(["a", "b", "c", "d"], Ids(TasteRanking.Blend(Hits, taste, 0)));
    }

    [Fact]
    public void Blend_ScoresOfBlankText_AreTasteAlone()
    {
        SearchHit[] all = [Hit("a", 0), Hit("b", 0), Hit("c", 0)];
        Assert.Equal(["b", "a", "c"], Ids(TasteRanking.Blend(all, new Dictionary<string, double> { ["b"] = 7, ["a"] = -3 }, 1)));
    }

    [Fact]
    public async Task Search_ForAUser_AsksTheModelAboutWhatWasFoundAndReordersIt()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Api:SearchTasteWeight"] = "1" });
        host.Grains.Recommendations = new RecommendationAnswer { ModelVersion = 3, Items = [Liked("p-2", 0.9)] };

        var answer = await host.GetAsync("/search?q=x&user_id=u-1&limit=1");

        Assert.Equal("p-2", answer.GetProperty("items")[0].GetProperty("product_id").GetString());
        Assert.Equal(1, answer.GetProperty("items").GetArrayLength());
        Assert.True(answer.GetProperty("personalized").GetBoolean());
        Assert.Equal(41, answer.GetProperty("total").GetInt32());
        Assert.Equal(new SearchQuery { Text = "x", Limit = 100 }, host.Search.Asked);
        Assert.Equal(["p-1", "p-2"], host.Grains.LastAsked<RecommendationQuery>().Among!);
    }

    [Fact]
    public async Task Search_ForAUserNobodyKnows_KeepsTheOrder()
    {
        await using var host = await ApiHost.StartAsync();
        var answer = await host.GetAsync("/search?q=x&user_id=u-1&offset=1&limit=10");
        Assert.False(answer.GetProperty("personalized").GetBoolean());
        Assert.Equal("p-2", Assert.Single(answer.GetProperty("items").EnumerateArray()).GetProperty("product_id").GetString());
    }

    [Fact]
    public async Task Search_PageBeyondTheRanked_IsTheIndexesOwn()
    {
        await using var host = await ApiHost.StartAsync();
        await host.GetAsync("/search?q=x&user_id=u-1&offset=100&limit=10");
        Assert.Equal(new SearchQuery { Text = "x", Offset = 100, Limit = 10 }, host.Search.Asked);
    }

    [Fact]
    public async Task Search_UserIdTooLong_IsRefused()
    {
        await using var host = await ApiHost.StartAsync();
        JsonAsserts.NamesField(await host.GetAsync($"/search?user_id={new string('u', 129)}", HttpStatusCode.BadRequest), "user_id", "128");
    }

    [Fact]
    public async Task Search_NothingFound_PassesTheSuggestionOn()
    {
        await using var host = await ApiHost.StartAsync();
        host.Search.Answer = host.Search.Answer with { Total = 0, Items = [], Suggestion = "headphones" };
        Assert.Equal("headphones", (await host.GetAsync("/search?q=hedphnes&user_id=u")).GetProperty("suggestion").GetString());
    }

    [Fact]
    public async Task Popular_Queries_AreListed()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.PopularQueries = [new PopularQuery { Query = "red shoes", Count = 7 }, new PopularQuery { Query = "lamp", Count = 2 }];
        JsonAsserts.Equal(
            """{"generated_at":"2026-01-05T12:00:00+00:00","items":[{"query":"red shoes","count":7},{"query":"lamp","count":2}]}""",
            await host.GetAsync("/search/popular?limit=5"));
        Assert.Equal(5, host.Grains.LastAsked<int>());
        JsonAsserts.NamesField(await host.GetAsync("/search/popular?limit=0", HttpStatusCode.BadRequest), "limit", "from 1 to 100");
    }

    private static IEnumerable<string> Ids(IReadOnlyList<SearchHit> hits) => hits.Select(hit => hit.Product.Id);

    private static SearchHit Hit(string id, double score) => new(new Product { Id = id, Name = id, Category = "C", Price = 1 }, score);

    private static RecommendedItem Liked(string id, double score) => new()
    {
        ProductId = id,
        Name = id,
        Score = score,
        Source = RecommendationSource.Als,
        Reason = "",
    };
}
