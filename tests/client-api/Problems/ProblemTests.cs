using System.Net;
using Orleans.Runtime;
using Reco.ClientApi.Tests.Hosting;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Problems;

public sealed class ProblemTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/recommendations")]
    [InlineData("/products/p-1/reviews")]
    public async Task Request_UnknownRoute_IsNotFoundAndPointsAtTheIndex(string url)
    {
        await using var host = await ApiHost.StartAsync();

        Assert.Contains("GET / lists every endpoint", (await host.GetAsync(url, HttpStatusCode.NotFound)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Request_WrongMethod_SaysWhichOneIsRight()
    {
        await using var host = await ApiHost.StartAsync();

        var response = await host.Client.DeleteAsync("/events", Cancelled);

        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Contains("POST", (await ApiHost.ReadAsync(response, HttpStatusCode.MethodNotAllowed)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("GET", "/recommendations/u")]
    [InlineData("GET", "/trending")]
    [InlineData("GET", "/popular-products")]
    [InlineData("GET", "/user-stats/u")]
    [InlineData("GET", "/products/p/similar")]
    [InlineData("GET", "/products/p/stats")]
    [InlineData("GET", "/admin/model")]
    [InlineData("POST", "/admin/retrain")]
    public async Task Grain_TimesOutOrFails_IsAProblemWithoutInternals(string method, string url)
    {
        await using var host = await ApiHost.StartAsync();

        host.Grains.Failure = new TimeoutException("UserGrain/secret");
        var late = await host.SendAsync(new HttpMethod(method), url, expected: HttpStatusCode.GatewayTimeout);
        host.Grains.Failure = new InvalidOperationException("connection string=secret");
        var broken = await host.SendAsync(new HttpMethod(method), url, expected: HttpStatusCode.InternalServerError);

        Assert.DoesNotContain("secret", late.GetRawText());
        Assert.DoesNotContain("secret", broken.GetRawText());
        Assert.DoesNotContain("Exception", broken.GetRawText());
        Assert.NotEmpty(broken.GetProperty("trace_id").GetString()!);
    }

    [Fact]
    public async Task Grain_StateIsDamaged_SaysSoAndNamesTheDoctor()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Failure = new InvalidDataException("user/secret");

        var problem = await host.GetAsync("/user-stats/u", HttpStatusCode.InternalServerError);

        Assert.Contains("./reco doctor", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Catalogue_DatabaseIsDown_IsUnavailableAndSaysWhenToComeBack()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Failure = new Npgsql.NpgsqlException("host=secret");

        var response = await host.Client.GetAsync("/trending", Cancelled);

        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("secret", (await ApiHost.ReadAsync(response, HttpStatusCode.ServiceUnavailable)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grain_NoSiloAnswers_IsUnavailableAndSaysWhenToComeBack()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Failure = new SiloUnavailableException("silo 10.0.0.7");

        var response = await host.Client.GetAsync("/trending", Cancelled);

        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        var problem = await ApiHost.ReadAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.Contains("No silo", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.7", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_LongerThanTheTimeout_IsAGatewayTimeout()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Api:RequestTimeoutSeconds"] = "1" });
        host.Grains.Held = new TaskCompletionSource();

        await host.GetAsync("/recommendations/u", HttpStatusCode.GatewayTimeout).Within("the timeout");
    }

    [Fact]
    public async Task Request_ClientGoes_IsNoServerError()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Held = new TaskCompletionSource();

        using var gone = new CancellationTokenSource();
        var answer = host.Server.SendAsync(context =>
        {
            context.Request.Path = "/recommendations/u";
            context.Request.Method = "GET";
            context.RequestAborted = gone.Token;
        }, Cancelled);
        await Deadline.Until(() => !host.Grains.Asked.IsEmpty, "the grain is asked");
        await gone.CancelAsync();

        Assert.Equal(499, (await answer.Within("the request ends")).Response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/db-tuning/heavy-queries")]
    [InlineData("GET", "/db-tuning/pagination-performance?page=1&limit=20")]
    [InlineData("GET", "/db-tuning/aggregation-optimization")]
    [InlineData("GET", "/db-tuning/join-performance")]
    [InlineData("GET", "/db-tuning/scan-comparison?table=orders&limit=5")]
    [InlineData("GET", "/db-tuning/table-stats")]
    [InlineData("GET", "/db-tuning/index-analysis")]
    [InlineData("POST", "/db-tuning/index-hints-simple")]
    [InlineData("POST", "/db-tuning/query-optimization")]
    [InlineData("POST", "/db-tuning/query-plan")]
    public async Task Tuning_WithoutPostgres_SaysWhichSettingToConfigure(string method, string url)
    {
        await using var host = await ApiHost.StartAsync();

        var problem = await host.SendAsync(
            new HttpMethod(method), url, method == "POST" ? "{\"query\":\"select 1\"}" : null, HttpStatusCode.ServiceUnavailable);

        Assert.Contains("ConnectionStrings:Postgres", problem.GetProperty("detail").GetString());
    }
}
