using System.Net;
using Reco.ClientApi.Tests.Hosting;
using Reco.Core.Ports;

namespace Reco.ClientApi.Tests.Endpoints;

public sealed class SearchTests
{
    [Fact]
    public async Task Search_WithEveryParameter_AnswersThePageAndItsFacets()
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.Equal(
            """
            {"total":41,"query":"red shoes","limit":2,"offset":10000,"suggestion":null,"personalized":false,
             "items":[
              {"product_id":"p-1","name":"Running shoes","category":"sports","brand":"Swift","price":79.90,"stock":12,"score":1.5},
              {"product_id":"p-2","name":"Lamp","category":"home","brand":"","price":20,"stock":null,"score":0.5}],
             "facets":{
              "categories":[{"value":"sports","count":40},{"value":"home","count":1}],
              "brands":[{"value":"Swift","count":40}],
              "prices":[{"value":"0-25","count":1},{"value":"50-100","count":40}]}}
            """,
            await host.GetAsync("/search?q=red+shoes&category=sports&min_price=5&max_price=100&limit=2&offset=10000"));
        Assert.Equal(
            new SearchQuery { Text = "red shoes", Category = "sports", MinPrice = 5, MaxPrice = 100, Limit = 2, Offset = 10_000 },
            host.Search.Asked);
    }

    [Theory]
    [InlineData("/search")]
    [InlineData("/search?q=")]
    [InlineData("/search?q=%20%20")]
    public async Task Search_WithoutWords_AsksForEverything(string url)
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync(url);

        Assert.Equal(new SearchQuery(), host.Search.Asked);
    }

    [Theory]
    [InlineData("limit=101", "limit", "from 1 to 100")]
    [InlineData("offset=-1", "offset", "from 0 to 10000")]
    [InlineData("offset=10001", "offset", "from 0 to 10000")]
    [InlineData("offset=x", "offset", "whole number")]
    [InlineData("min_price=2&max_price=1", "min_price", "above max_price")]
    [InlineData("q=a&q=b", "q", "once")]
    public async Task Search_BadParameter_NamesTheFieldAndTheRule(string query, string field, string rule)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.GetAsync($"/search?{query}", HttpStatusCode.BadRequest), field, rule);
        Assert.Null(host.Search.Asked);
    }

    [Fact]
    public async Task Search_QueryOf256Characters_IsTakenAnd257IsNot()
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync($"/search?q={new string('q', 256)}");
        JsonAsserts.NamesField(await host.GetAsync($"/search?q={new string('q', 257)}", HttpStatusCode.BadRequest), "q", "256");
    }
}
