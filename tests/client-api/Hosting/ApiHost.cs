using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Reco.ClientApi.Hosting;
using Reco.Core.Ports;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Hosting;

/// <summary>The gateway in a test server, on fakes and a clock that stands still.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app, FakeGrains grains, FakeLog log, FakeCatalogue catalogue, FakeSearch search, ManualTimeProvider time)
    {
        _app = app;
        Grains = grains;
        Log = log;
        Catalogue = catalogue;
        Search = search;
        Time = time;
        Client = app.GetTestClient();
    }

    public FakeGrains Grains { get; }

    public FakeLog Log { get; }

    public FakeCatalogue Catalogue { get; }

    public FakeSearch Search { get; }

    public ManualTimeProvider Time { get; }

    public HttpClient Client { get; }

    public TestServer Server => _app.GetTestServer();

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ApiHost> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, IPAddress? remote = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var (grains, log, catalogue, search, time) = (new FakeGrains(), new FakeLog(), new FakeCatalogue(), new FakeSearch(), new ManualTimeProvider());
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IGrainFactory>(grains);
        builder.Services.AddSingleton<IEventLog>(log);
        builder.Services.AddSingleton<ICatalogue>(catalogue);
        builder.Services.AddSingleton<ISearchIndex>(search);
        builder.Services.AddRecoApi(builder.Configuration);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        if (remote is not null)
        {
            app.Use((context, next) =>
            {
                context.Connection.RemoteIpAddress = remote;
                return next(context);
            });
        }

        app.MapRecoApi();
        await app.StartAsync(Cancelled);
        return new ApiHost(app, grains, log, catalogue, search, time);
    }

    /// <summary>The same on a real socket of the loopback interface.</summary>
    public static async Task<(WebApplication App, Uri Address, FakeLog Log)> StartKestrelAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.LimitForRecoApi().Listen(IPAddress.Loopback, 0));
        builder.Services.AddRouting();
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var log = new FakeLog();
        builder.Services.AddSingleton<IGrainFactory>(new FakeGrains());
        builder.Services.AddSingleton<IEventLog>(log);
        builder.Services.AddSingleton<ICatalogue>(new FakeCatalogue());
        builder.Services.AddSingleton<ISearchIndex>(new FakeSearch());
        builder.Services.AddRecoApi(builder.Configuration);
        var app = builder.Build();
        app.MapRecoApi();
        await app.StartAsync(Cancelled);
        return (app, new Uri(app.Urls.Single()), log);
    }

    /// <summary>The JSON of an answer that must have this status.</summary>
    public async Task<JsonElement> GetAsync(string url, HttpStatusCode expected = HttpStatusCode.OK) =>
        await ReadAsync(await Client.GetAsync(url, Cancelled), expected);

    public async Task<JsonElement> SendAsync(
        HttpMethod method, string url, string? json = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, url);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        return await ReadAsync(await Client.SendAsync(request, Cancelled), expected);
    }

    public Task<JsonElement> PostAsync(string url, string? json, HttpStatusCode expected = HttpStatusCode.OK) =>
        SendAsync(HttpMethod.Post, url, json, expected);

    /// <summary>Reads the answer; an error must be a whole problem.</summary>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Cancelled);
            Assert.True(expected == response.StatusCode, $"expected {expected}, got {response.StatusCode}: {text}");
            var json = JsonDocument.Parse(text).RootElement;
            if ((int)expected >= 400 && response.Content.Headers.ContentType?.MediaType != "application/json")
            {
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
                Assert.Equal((int)expected, json.GetProperty("status").GetInt32());
                Assert.NotEmpty(json.GetProperty("title").GetString()!);
                Assert.EndsWith(".", json.GetProperty("detail").GetString());
            }

            return json;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
