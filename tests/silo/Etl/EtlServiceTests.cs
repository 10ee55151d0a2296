using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Reco.Silo.Hosting;
using Reco.Testing;
using Reco.Testing.Elasticsearch;

namespace Reco.Silo.Tests.Etl;

/// <summary>The whole system on a real PostgreSQL and the strict stub of Elasticsearch.</summary>
public sealed class EtlServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task Search_WhileTheDatabaseChangesAndElasticsearchGoesAway_FollowsAndIsAlwaysAnswered()
    {
        var connectionString = await postgres.NewDatabaseAsync();
        var stub = await StubElasticsearch.StartAsync();
        await using (stub)
        {
            await using var app = RecoApplication.Build(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["Embedded:DataFolder"] = _temp.Path,
                ["Backfill:Events"] = "0",
                ["Catalogue:SeedProducts"] = "200",
                ["ConnectionStrings:Postgres"] = connectionString,
                ["Postgres:CataloguePollSeconds"] = "0.1",
                ["Elasticsearch:Url"] = stub.Url,
                ["Elasticsearch:RetriesMax"] = "0",
                ["Etl:IntervalSeconds"] = "0.1",
            });
            await app.StartAsync(Token);
            await Deadline.Until(() => stub.Requests.Any(request => request.Path == "/_aliases"), "the index takes over");
            await RunSqlAsync(connectionString, "INSERT INTO products (product_id, name, category, price, stock) VALUES ('new', 'crystal chandelier', 'Home', 5, 1)");
            await Deadline.Until(() => stub.Requests.Any(HoldsNew), "the ETL brings the new product");
            await Deadline.Until(async () => (await FindAsync(app)).Contains("new"), "it is found");

            await stub.DisposeAsync();
            Assert.Equal(["new"], await FindAsync(app));
            Assert.Equal("Degraded", await StatusAsync(app));
            await app.StopAsync(Token);
        }
    }

    private static bool HoldsNew(StubRequest request) =>
        request.Path.EndsWith("/_bulk", StringComparison.Ordinal) && request.Text.Contains("crystal chandelier", StringComparison.Ordinal);

    private async Task<string[]> FindAsync(WebApplication app)
    {
        var answer = await _http.GetFromJsonAsync<JsonElement>($"{app.Urls.First()}/search?q=chandelier", Token);
        return [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("product_id").GetString()!)];
    }

    private async Task<string> StatusAsync(WebApplication app)
    {
        var text = await _http.GetStringAsync($"{app.Urls.First()}/health/ready", Token);
        return text.Contains("embedded index", StringComparison.Ordinal) ? "Degraded" : text;
    }

    private static async Task RunSqlAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
