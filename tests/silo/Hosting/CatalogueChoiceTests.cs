using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Core.Ports;
using Reco.Silo.Hosting;
using Reco.Silo.Options;
using Reco.Testing;

namespace Reco.Silo.Tests.Hosting;

/// <summary>ConnectionStrings:Postgres moves the catalogue; a PostgreSQL that is not there is said, and waited for.</summary>
public sealed class CatalogueChoiceTests : IDisposable
{
    private const string Connection = "ConnectionStrings:Postgres";
    private const string Somewhere = "Host=127.0.0.1;Port=1;Username=reco;Password=sesame;Database=shop";

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Catalogue_NoConnectionString_IsEmbedded(string? connection)
    {
        await using var app = Build((Connection, connection));

        Assert.IsType<EmbeddedCatalogue>(app.Services.GetRequiredService<ICatalogue>());
        Assert.Null(app.Services.GetService<NpgsqlDataSource>());
    }

    [Fact]
    public async Task Catalogue_ConnectionString_IsPostgresAndShownWithoutItsPassword()
    {
        await using var app = Build((Connection, Somewhere), ("Postgres:PoolSize", "33"));

        Assert.IsType<PostgresCatalogue>(app.Services.GetRequiredService<ICatalogue>());
        var section = app.Services.GetServices<OptionsSection>().Single(s => s.Name == "Postgres");
        var shown = EffectiveOptionsLog.Describe(section.Read(app.Services), "").ToList();
        Assert.Equal(
            [
                "ConnectionString=***", "ApplicationName=reco", "PoolSize=33", "ConnectTimeoutSeconds=5", "CommandTimeoutSeconds=30",
                "KeepAliveSeconds=30", "CataloguePollSeconds=1", "CatalogueFullReadMinutes=10", "RetrySecondsMax=5",
            ],
            shown);
        Assert.Equal("SeedProducts=1000", EffectiveOptionsLog.Describe(
            app.Services.GetServices<OptionsSection>().Single(s => s.Name == "Catalogue").Read(app.Services), "").First());
    }

    [Theory]
    [InlineData("Postgres:PoolSize", "0", "PoolSize")]
    [InlineData("Postgres:CataloguePollSeconds", "0", "CataloguePollSeconds")]
    [InlineData(Connection, "Host=db;Colour=sesame", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("Catalogue:SeedProducts", "-1", "SeedProducts")]
    public async Task Start_OneFieldBroken_RefusesNamesItAndKeepsTheSecret(string key, string value, string said)
    {
        await using var app = Build((Connection, Somewhere), (key, value));

        var refused = Assert.Throws<OptionsValidationException>(app.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownKey_RefusesAndNamesIt()
    {
        await using var app = Build((Connection, Somewhere), ("Postgres:Nonsense", "1"));

        var refused = Assert.Throws<InvalidOperationException>(app.Services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("Nonsense", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_PostgresAwayAtTheStart_SaysSoAndServesFromItOnceItComes()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 16 });
        var database = await server.CreateDatabaseAsync("shop");
        await server.KillAsync();
        await using var app = Build(
            (Connection, database), ("Postgres:RetrySecondsMax", "0.2"), ("Generator:Enabled", "false"), ("urls", "http://127.0.0.1:0"));
        await app.StartAsync(Token).Within("the system starts without PostgreSQL");
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using (var ready = await http.GetAsync("/health/ready", Token))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("start it, or correct ConnectionStrings:Postgres", await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        await server.RestartAsync();
        await Deadline.Until(
            async () =>
            {
                using var ready = await http.GetAsync("/health/ready", Token);
                return ready.StatusCode == HttpStatusCode.OK;
            },
            "the system is ready");
        using var found = await http.GetAsync("/products/product_0001", Token);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        using var put = await http.PutAsJsonAsync(
            "/admin/products", new { products = new[] { new { id = "kettle", name = "Kettle", category = "Home", price = 12.5, stock = 3 } } }, Token);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("SELECT price FROM products WHERE product_id = 'kettle'");
        Assert.Equal(12.5m, await command.ExecuteScalarAsync(Token));
        await app.StopAsync(Token);
    }

    private WebApplication Build(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["Embedded:DataFolder"] = _temp.Path };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return RecoApplication.Build(all);
    }
}
