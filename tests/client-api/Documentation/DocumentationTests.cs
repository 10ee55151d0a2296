using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reco.ClientApi.Tests.Hosting;

namespace Reco.ClientApi.Tests.Documentation;

public sealed partial class DocumentationTests
{
    [Fact]
    public async Task OpenApi_EveryMappedRoute_IsDescribedWithSummaryAndResponses()
    {
        await using var host = await ApiHost.StartAsync();
        var paths = (await host.GetAsync("/openapi/v1.json")).GetProperty("paths");

        var routes = Routes(host);
        Assert.True(routes.Count >= 27, $"only {routes.Count} routes");
        foreach (var (method, path) in routes)
        {
            Assert.True(paths.TryGetProperty(path, out var item), $"{path} is missing");
            Assert.True(item.TryGetProperty(method.ToLowerInvariant(), out var operation), $"{method} {path} is missing");
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("tags")[0].GetString()!);
            var responses = operation.GetProperty("responses");
            Assert.True(responses.EnumerateObject().Any(response => response.Name[0] == '2'), $"{method} {path} has no success");
            Assert.Equal(method is "POST" or "PUT" && path is not "/admin/retrain", operation.TryGetProperty("requestBody", out _));
        }

        Assert.Equal(routes.Count, paths.EnumerateObject().Sum(path => path.Value.EnumerateObject().Count()));
    }

    [Fact]
    public async Task OpenApi_Parameters_HaveTheBoundsTheyAreReadBy()
    {
        await using var host = await ApiHost.StartAsync();
        var paths = (await host.GetAsync("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            ["user", "limit", "category", "min_price", "max_price", "exclude_purchased", "exclude_seen", "explain"],
            Parameters("/recommendations/{user}", "get").Keys);
        Assert.Equal(["q", "category", "min_price", "max_price", "limit", "offset", "user_id"], Parameters("/search", "get").Keys);
        Assert.Equal(["limit", "category"], Parameters("/trending", "get").Keys);
        Assert.Equal(["product", "limit"], Parameters("/products/{product}/similar", "get").Keys);
        Assert.Equal(["wait", "force", "timeout_seconds"], Parameters("/admin/retrain", "post").Keys);

        JsonAsserts.Equal("""{"type":"integer","minimum":1,"maximum":100,"default":10}""", Parameters("/trending", "get")["limit"]);
        JsonAsserts.Equal("""{"type":"integer","minimum":0,"maximum":10000,"default":0}""", Parameters("/search", "get")["offset"]);
        JsonAsserts.Equal("""{"type":"string","maxLength":256}""", Parameters("/search", "get")["q"]);
        JsonAsserts.Equal(
            """{"type":"boolean","default":true}""", Parameters("/recommendations/{user}", "get")["exclude_purchased"]);

        Dictionary<string, JsonElement> Parameters(string path, string method) => paths.GetProperty(path).GetProperty(method).GetProperty("parameters")
            .EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
    }

    [Fact]
    public async Task OpenApi_Schemas_AreSnakeCaseWithEnumsAsWords()
    {
        await using var host = await ApiHost.StartAsync();
        var schemas = (await host.GetAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");

        var names = schemas.EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("properties", out _))
            .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject().Select(property => property.Name))
            .ToArray();
        Assert.Contains("product_id", names);
        Assert.All(names, name => Assert.Matches(SnakeCase(), name));
        Assert.Equal(
            ["als", "sessions", "blend", "trending", "popular"],
            schemas.GetProperty("RecommendationSource").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("integer", schemas.GetProperty("EventsResponse").GetProperty("properties").GetProperty("accepted").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Index_EveryMappedRoute_IsListedWithAnExampleThatIsMapped()
    {
        await using var host = await ApiHost.StartAsync();
        var response = await host.Client.GetAsync("/", TestContext.Current.CancellationToken);
        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
        foreach (var (method, path) in Routes(host))
        {
            Assert.Contains($"<td>{method}</td><td><code>{path}</code>", page);
        }

        Assert.Contains("curl -X POST &#x27;http://localhost/events&#x27; -H &#x27;Content-Type: application/json&#x27;", page);

        // A route that does not exist is answered with the words below; every link must lead somewhere else.
        foreach (var link in Link().Matches(page).Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value)).Where(link => link != "/live"))
        {
            var text = await host.Client.GetAsync(link, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("no such endpoint", await text.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.NotEqual(System.Net.HttpStatusCode.BadRequest, text.StatusCode);
        }
    }

    [Fact]
    public async Task Answers_OfEveryEndpoint_HaveSnakeCaseNamesOnly()
    {
        await using var host = await ApiHost.StartAsync();
        host.Grains.Recommendations = Samples.Recommendations;
        host.Grains.Users["u-1"] = Samples.User;
        host.Grains.Products["p-1"] = Samples.Product;
        host.Grains.Similar["p-1"] = new() { ModelVersion = 1, Items = [Samples.Ranked] };
        host.Grains.Top = [Samples.Ranked];
        host.Grains.Model = Samples.Trained;
        await host.Catalogue.UpsertAsync([Samples.Shoes], TestContext.Current.CancellationToken);

        foreach (var (method, path) in Routes(host).Where(route => route.Path is not ("/" or "/live")))
        {
            var url = path.Replace("{user}", "u-1").Replace("{product}", "p-1") + (path == "/admin/retrain" ? "?wait=false" : "");
            foreach (var body in new[] { null, "{\"events\":[{}],\"product_ids\":[\"p\"],\"products\":[{}]}" })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), url);
                request.Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
                using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
                var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
                var names = JsonAsserts.Names(json).ToArray();
                Assert.NotEmpty(names);
                Assert.All(names, name => Assert.Matches(SnakeCase(), name.Name));
            }
        }
    }

    /// <summary>Everything mapped but the OpenAPI document itself.</summary>
    private static List<(string Method, string Path)> Routes(ApiHost host) =>
    [
        .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.RoutePattern.RawText!.Contains("{documentName}"))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Select(method => (method, endpoint.RoutePattern.RawText!))),
    ];

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex SnakeCase();

    [GeneratedRegex("<a href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
