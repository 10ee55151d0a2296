using System.Net;
using Reco.ClientApi.Tests.Hosting;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Tests.Endpoints;

public sealed class StatsTests
{
    [Fact]
    public async Task UserStats_KnownUser_AnswersTotalsAndWindow()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Users["u-1"] = Samples.User;

        JsonAsserts.Equal(
            """
            {"user_id":"u-1","totals":{"view":1,"cart":2,"like":3,"purchase":4,"search":5},"revenue":99.5,
             "window":{"start":"2026-01-05T11:55:00+00:00","end":"2026-01-05T12:05:00+00:00","view":6,"cart":7,"like":8,"purchase":9,"search":10,"revenue":11.5},
             "late_events":12,"history_items":13,"last_event_at":"2026-01-05T12:00:00+00:00"}
            """,
            await host.GetAsync("/user-stats/u-1"));
    }

    [Fact]
    public async Task UserStats_UnknownUser_IsNotFound()
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync("/user-stats/nobody", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/user-stats/{0}", "user")]
    [InlineData("/recommendations/{0}", "user")]
    [InlineData("/products/{0}", "product")]
    [InlineData("/products/{0}/similar", "product")]
    [InlineData("/products/{0}/stats", "product")]
    public async Task Path_IdTooLongBlankOrWithControls_NamesIt(string path, string field)
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(
            await host.GetAsync(string.Format(null, path, new string('i', 129)), HttpStatusCode.BadRequest), field, "1 to 128 characters");
        JsonAsserts.NamesField(await host.GetAsync(string.Format(null, path, "a%0Ab"), HttpStatusCode.BadRequest), field, "control");
        JsonAsserts.NamesField(await host.GetAsync(string.Format(null, path, "%20"), HttpStatusCode.BadRequest), field, "blank");
        Assert.Empty(host.Grains.Asked);
    }

    [Fact]
    public async Task Product_InTheCatalogue_IsAnswered()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Catalogue.UpsertAsync([Samples.Shoes, Samples.Lamp], TestContext.Current.CancellationToken);

        JsonAsserts.Equal(
            """{"product_id":"p-1","name":"Running shoes","category":"sports","brand":"Swift","price":79.90,"stock":12}""",
            await host.GetAsync("/products/p-1"));
        JsonAsserts.Equal(
            """{"product_id":"p-2","name":"Lamp","category":"home","brand":"","price":20,"stock":null}""",
            await host.GetAsync("/products/p-2"));
    }

    [Theory]
    [InlineData("/products/none")]
    [InlineData("/products/none/similar")]
    [InlineData("/products/none/stats")]
    public async Task Product_NobodyKnows_IsNotFound(string url)
    {
        await using var host = await ApiHost.StartAsync();

        await host.GetAsync(url, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ProductStats_KnownToEvents_AnswersTotalsAndWindow()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Products["p-1"] = Samples.Product;

        JsonAsserts.Equal(
            """
            {"product_id":"p-1","totals":{"view":1,"cart":2,"like":3,"purchase":4,"search":5},"revenue":98.5,
             "window":{"start":"2026-01-05T11:55:00+00:00","end":"2026-01-05T12:05:00+00:00","view":6,"cart":7,"like":8,"purchase":9,"search":10,"revenue":11.5,"distinct_users":14},
             "late_events":15,"last_event_at":"2026-01-05T12:00:00+00:00","popularity":16.25}
            """,
            await host.GetAsync("/products/p-1/stats"));
    }

    [Fact]
    public async Task ProductStats_OnlyInTheCatalogue_AreZero()
    {
        await using var host = await ApiHost.StartAsync();
        await host.Catalogue.UpsertAsync([Samples.Shoes], TestContext.Current.CancellationToken);

        JsonAsserts.Equal(
            """
            {"product_id":"p-1","totals":{"view":0,"cart":0,"like":0,"purchase":0,"search":0},"revenue":0,
             "window":{"start":null,"end":null,"view":0,"cart":0,"like":0,"purchase":0,"search":0,"revenue":0,"distinct_users":0},
             "late_events":0,"last_event_at":null,"popularity":0}
            """,
            await host.GetAsync("/products/p-1/stats"));
    }

    [Fact]
    public async Task Similar_KnownToTheModel_AnswersNeighbours()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Similar["p-9"] = new SimilarProducts { ModelVersion = 3, Items = [Samples.Ranked] };

        JsonAsserts.Equal(
            """
            {"product_id":"p-9","model_version":3,"generated_at":"2026-01-05T12:00:00+00:00","items":[
              {"product_id":"p-1","name":"Running shoes","category":"sports","price":79.90,"score":2.5}]}
            """,
            await host.GetAsync("/products/p-9/similar?limit=4"));
        Assert.Equal(4, host.Grains.LastAsked<int>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Similar_KnownButNotToTheModel_IsEmpty(bool inCatalogue)
    {
        await using var host = await ApiHost.StartAsync();
        if (inCatalogue)
        {
            await host.Catalogue.UpsertAsync([Samples.Shoes], TestContext.Current.CancellationToken);
        }
        else
        {
            host.Grains.Products["p-1"] = Samples.Product;
        }

        Assert.Equal(0, (await host.GetAsync("/products/p-1/similar")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Similar_BadLimit_NamesIt()
    {
        await using var host = await ApiHost.StartAsync();

        JsonAsserts.NamesField(await host.GetAsync("/products/p/similar?limit=0", HttpStatusCode.BadRequest), "limit", "from 1 to 100");
    }
}
