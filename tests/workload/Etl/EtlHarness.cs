using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Feed;
using Reco.Adapters.Postgres.Schema;
using Reco.Core.Ports;
using Reco.Testing.Elasticsearch;
using Reco.Workload.Etl;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Reco.Workload.Tests.Etl;

/// <summary>A real database and the strict stub of Elasticsearch, and runs of the ETL between them.</summary>
internal sealed class EtlHarness : IAsyncDisposable
{
    private EtlHarness(string connectionString, NpgsqlDataSource source, StubElasticsearch stub)
    {
        ConnectionString = connectionString;
        Source = source;
        Stub = stub;
        var options = new ElasticsearchOptions { Url = stub.Url, RetryDelayMs = 1, RetryDelayMaxMs = 5, SearchTimeoutSeconds = 60 };
        Client = new ElasticsearchClient(options, TimeProvider.System, NullLogger<ElasticsearchClient>.Instance);
        Index = new ElasticsearchIndexBuilder(Client, Options.Create(options), TimeProvider.System);
        Search = new ElasticsearchSearchIndex(Client, Options.Create(options), TimeProvider.System);
        Orders = new ElasticsearchOrders(Client, Options.Create(options), TimeProvider.System);
        Feed = new ShopFeed(source);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public StubElasticsearch Stub { get; }

    public ElasticsearchClient Client { get; }

    public ElasticsearchIndexBuilder Index { get; }

    public ElasticsearchSearchIndex Search { get; }

    public ElasticsearchOrders Orders { get; }

    public ShopFeed Feed { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<EtlHarness> StartAsync(PostgresFixture postgres, int products)
    {
        var connectionString = await postgres.NewDatabaseAsync();
        var source = PostgresRegistration.CreateDataSource(new PostgresOptions { ConnectionString = connectionString });
        await new SchemaMigrator(source).MigrateAsync(Token);
        var harness = new EtlHarness(connectionString, source, await StubElasticsearch.StartAsync());
        await harness.RunSqlAsync($"""
            INSERT INTO products (product_id, name, category, brand, price, stock)
            SELECT 'p' || lpad(i::text, 6, '0'), 'lamp number ' || i, 'Category ' || i % 10, 'Brand ' || i % 7, (i % 9000) / 10.0, i % 50
            FROM generate_series(1, {products}) i
            """);
        return harness;
    }

    public ProductEtl Etl(Action<EtlOptions>? configure = null)
    {
        var options = new EtlOptions();
        configure?.Invoke(options);
        return new ProductEtl(Feed, Index, options, TimeProvider.System, NullLogger<ProductEtl>.Instance) { ClockOverlap = TimeSpan.Zero };
    }

    public Task<EtlReport> RunAsync(bool full = false, Action<EtlOptions>? configure = null) => Etl(configure).RunAsync(full, Token);

    public async Task RunSqlAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>Database and index hold the same products, every word of them.</summary>
    public async Task<long> AssertEqualAsync()
    {
        var (database, inIndex) = await new EtlVerification(Feed, Index).RunAsync(Token);
        Assert.Equal(database, inIndex);
        return database.Products;
    }

    public async Task<SearchAnswer> FindAsync(string? text) => await Search.SearchAsync(new SearchQuery { Text = text }, Token);

    public async Task<SearchGeneration[]> GenerationsAsync() => [.. await Index.ListAsync(Token)];

    /// <summary>Searches again and again until stopped; what it found in all is what <paramref name="expected"/> allows.</summary>
    public Func<Task<int>> SearchOnAndOn(Func<int, bool> expected)
    {
        var stop = new CancellationTokenSource();
        var wrong = new ConcurrentQueue<int>();
        var searching = Task.Run(
            async () =>
            {
                var searches = 0;
                while (!stop.IsCancellationRequested)
                {
                    var answer = await Search.SearchAsync(new SearchQuery { Limit = 1 }, Token);
                    if (!expected(answer.Total))
                    {
                        wrong.Enqueue(answer.Total);
                    }

                    searches++;

                    // The stub goes through all products at each search, on the same cores.
                    await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Token);
                }

                return searches;
            },
            Token);
        return async () =>
        {
            await stop.CancelAsync();
            var searches = await searching;
            Assert.Empty(wrong);
            return searches;
        };
    }

    public async ValueTask DisposeAsync()
    {
        Search.Dispose();
        Client.Dispose();
        await Stub.DisposeAsync();
        await Source.DisposeAsync();
    }
}
