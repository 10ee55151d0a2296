using System.Net;
using System.Text.Json;
using Npgsql;
using Reco.ClientApi.Tests.Hosting;
using Reco.Testing;

namespace Reco.ClientApi.Tests.Tuning;

/// <summary>The ten endpoints on a real PostgreSQL: the calls of the documentation as they are written there, and bad input.</summary>
public sealed class TuningTests(PostgresFixture postgres)
{
    private static readonly string[] Forms = ["slow", "fast"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfTheDocumentation_WorkAsWritten()
    {
        var database = await postgres.NewDatabaseAsync();
        await TuningApi.SeedAsync(database);
        await using var host = await TuningApi.StartAsync(database);

        Compared(await host.GetAsync("/db-tuning/heavy-queries"));
        Compared(await host.GetAsync("/db-tuning/pagination-performance?page=10&limit=20"));
        Compared(await host.GetAsync("/db-tuning/pagination-performance"));
        Compared(await host.GetAsync("/db-tuning/aggregation-optimization"));
        Compared(await host.GetAsync("/db-tuning/join-performance"));
        var scans = await host.GetAsync("/db-tuning/scan-comparison?table=orders&limit=100");
        Compared(scans);
        Compared(scans.GetProperty("unselective"));
        Compared(await host.PostAsync("/db-tuning/index-hints-simple", """{"query": "SELECT order_id, status FROM orders LIMIT 50"}"""));
        var joins = await host.PostAsync("/db-tuning/query-optimization", """{"type": "join_optimization"}""");
        Compared(joins);
        Assert.Equal(
            ["planner's choice", "nested loop", "hash join", "merge join"],
            joins.GetProperty("forms").EnumerateArray().Select(form => form.GetProperty("name").GetString()));
        Compared(await host.PostAsync("/db-tuning/query-optimization", """{"type": "subquery_optimization"}"""));

        var plan = await host.PostAsync(
            "/db-tuning/query-plan",
            """{"query": "SELECT o.*, u.name FROM orders o JOIN users u ON o.user_id = u.user_id LIMIT 10"}""");
        Assert.Equal(10, plan.GetProperty("rows").GetInt64());
        Assert.Equal("Limit", plan.GetProperty("plan")[0].GetProperty("Plan").GetProperty("Node Type").GetString());
        Assert.Contains("\n    -> ", plan.GetProperty("plan_text").GetString());
        Assert.NotEmpty(plan.GetProperty("slowest_node").GetProperty("node").GetString()!);
        Assert.NotEmpty(plan.GetProperty("advice").EnumerateArray());

        var tables = await host.GetAsync("/db-tuning/table-stats");
        Assert.Contains(tables.GetProperty("tables").EnumerateArray(), table => table.GetProperty("table").GetString() == "orders");
        var indexes = await host.GetAsync("/db-tuning/index-analysis");
        Assert.Contains(indexes.GetProperty("indexes").EnumerateArray(), index => index.GetProperty("index").GetString() == "orders_pkey");
    }

    [Fact]
    public async Task Pagination_NextCursor_CanBeFollowedToTheEnd()
    {
        var database = await postgres.NewDatabaseAsync();
        await TuningApi.SeedAsync(database, orders: 45);
        await using var host = await TuningApi.StartAsync(database);

        var met = new List<long>();
        var url = "/db-tuning/pagination-performance?limit=20";
        for (var cursor = ""; cursor is not null; url = $"/db-tuning/pagination-performance?limit=20&cursor={cursor}")
        {
            var page = await host.GetAsync(url);
            Compared(page);
            met.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("order_id").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(Enumerable.Range(1, 45).Reverse().Select(id => (long)id), met);
    }

    [Theory]
    [InlineData("/db-tuning/pagination-performance?page=0", "page", "from 1 to")]
    [InlineData("/db-tuning/pagination-performance?page=-1", "page", "from 1 to")]
    [InlineData("/db-tuning/pagination-performance?page=1000000000000", "page", "from 1 to")]
    [InlineData("/db-tuning/pagination-performance?page=100000000&limit=1000", "page", "there are 500 orders")]
    [InlineData("/db-tuning/pagination-performance?page=26&limit=20", "page", "from 1 to 25")]
    [InlineData("/db-tuning/pagination-performance?page=x", "page", "from 1 to")]
    [InlineData("/db-tuning/pagination-performance?limit=0", "limit", "from 1 to 1000")]
    [InlineData("/db-tuning/pagination-performance?cursor=broken", "cursor", "unchanged")]
    [InlineData("/db-tuning/scan-comparison?table=nowhere", "table", "one of users")]
    [InlineData("/db-tuning/scan-comparison?table=orders%3B%20DROP%20TABLE%20orders", "table", "one of users")]
    [InlineData("/db-tuning/scan-comparison?table=orders&limit=0", "limit", "from 1 to")]
    public async Task Get_BadField_IsNamed(string url, string field, string rule)
    {
        var database = await SharedAsync();
        await using var host = await TuningApi.StartAsync(database);

        JsonAsserts.NamesField(await host.GetAsync(url, HttpStatusCode.BadRequest), field, rule);
    }

    [Theory]
    [InlineData("{}", "query", "is required")]
    [InlineData("""{"query":7}""", "query", "must be a string")]
    [InlineData("""{"query":"  "}""", "query", "is required")]
    [InlineData("""{"query":"SELECT 1 \u0000"}""", "query", "control characters")]
    public async Task Post_BadField_IsNamed(string body, string field, string rule)
    {
        await using var host = await TuningApi.StartAsync(await SharedAsync());

        JsonAsserts.NamesField(await host.PostAsync("/db-tuning/query-plan", body, HttpStatusCode.BadRequest), field, rule);
        JsonAsserts.NamesField(await host.PostAsync("/db-tuning/index-hints-simple", body, HttpStatusCode.BadRequest), field, rule);
    }

    [Fact]
    public async Task Post_UnknownType_IsNamed()
    {
        await using var host = await TuningApi.StartAsync(await SharedAsync());

        JsonAsserts.NamesField(
            await host.PostAsync("/db-tuning/query-optimization", """{"type":"pagination"}""", HttpStatusCode.BadRequest), "type", "join_optimization or");
    }

    [Fact]
    public async Task Post_TooLongAQuery_IsNamed()
    {
        await using var host = await TuningApi.StartAsync(await SharedAsync());

        var problem = await host.PostAsync("/db-tuning/query-plan", $$"""{"query":"SELECT '{{new string('x', 10_000)}}'"}""", HttpStatusCode.BadRequest);

        JsonAsserts.NamesField(problem, "query", "at most 10000 characters");
    }

    [Theory]
    [InlineData("DROP TABLE orders", HttpStatusCode.BadRequest, "Only a SELECT")]
    [InlineData("SELECT 1; DROP TABLE orders", HttpStatusCode.BadRequest, "multiple commands")]
    [InlineData("SELECT pg_sleep(60)", HttpStatusCode.UnprocessableEntity, "stopped after 0.5 s")]
    [InlineData("WITH gone AS (DELETE FROM orders RETURNING 1) SELECT * FROM gone", HttpStatusCode.BadRequest, "nothing in it may write")]
    [InlineData("SELECT lo_create(0)", HttpStatusCode.BadRequest, "lo_create")]
    [InlineData("SELECT * FROM generate_series(1, 10000000)", HttpStatusCode.UnprocessableEntity, "stopped after|more than 100,000 rows")]
    [InlineData("SELECT\n  nothing\nFROM orders", HttpStatusCode.BadRequest, "column \"nothing\" does not exist, at character 10")]
    public async Task Post_BadStatement_IsAProblemThatSaysWhy(string sql, HttpStatusCode expected, string sentence)
    {
        await using var host = await TuningApi.StartAsync(await SharedAsync(), options => (options.ReadersMax, options.StatementTimeoutSeconds) = (1, 0.5));
        var body = JsonSerializer.Serialize(new { query = sql });

        foreach (var endpoint in (string[])["query-plan", "index-hints-simple"])
        {
            var problem = await host.PostAsync($"/db-tuning/{endpoint}", body, expected);
            Assert.Contains(sentence.Split('|'), part => problem.GetProperty("detail").GetString()!.Contains(part, StringComparison.Ordinal));
        }

        await host.PostAsync("/db-tuning/query-plan", """{"query":"SELECT order_id FROM orders LIMIT 1"}""");
    }

    [Fact]
    public async Task Everything_PostgresIsDown_SaysToStartItAndTheRestGoesOn()
    {
        await using var host = await TuningApi.StartAsync("Host=127.0.0.1;Port=1;Username=reco;Password=secret;Database=reco");

        foreach (var url in (string[])["heavy-queries", "pagination-performance", "aggregation-optimization", "join-performance", "scan-comparison", "table-stats", "index-analysis"])
        {
            Down(await host.GetAsync($"/db-tuning/{url}", HttpStatusCode.ServiceUnavailable));
        }

        Down(await host.PostAsync("/db-tuning/query-plan", """{"query":"SELECT 1"}""", HttpStatusCode.ServiceUnavailable));
        Down(await host.PostAsync("/db-tuning/index-hints-simple", """{"query":"SELECT 1"}""", HttpStatusCode.ServiceUnavailable));
        Down(await host.PostAsync("/db-tuning/query-optimization", """{"type":"join_optimization"}""", HttpStatusCode.ServiceUnavailable));
        await host.GetAsync("/search?q=shoes");

        static void Down(JsonElement problem)
        {
            Assert.Contains("Start it", problem.GetProperty("detail").GetString());
            Assert.DoesNotContain("secret", problem.GetRawText());
        }
    }

    [Fact]
    public async Task Experiments_NoTablesAndNoOrders_SayToSeed()
    {
        var database = await postgres.NewDatabaseAsync();
        await using var host = await TuningApi.StartAsync(database);
        Assert.Contains("./reco seed-database", (await host.GetAsync("/db-tuning/heavy-queries", HttpStatusCode.ServiceUnavailable)).GetProperty("detail").GetString());

        await using var source = NpgsqlDataSource.Create(database);
        await new Reco.Adapters.Postgres.Schema.SchemaMigrator(source, null).MigrateAsync(Cancelled);
        Assert.Contains("./reco seed-database", (await host.GetAsync("/db-tuning/heavy-queries", HttpStatusCode.ServiceUnavailable)).GetProperty("detail").GetString());
    }

    private static void Compared(JsonElement answer)
    {
        Assert.True(answer.GetProperty("identical").GetBoolean(), answer.GetRawText());
        Assert.NotEmpty(answer.GetProperty("explanation").GetString()!);
        Assert.True(answer.GetProperty("speedup").GetDouble() > 0);
        foreach (var form in Forms.Select(name => answer.GetProperty(name)))
        {
            Assert.NotEmpty(form.GetProperty("sql").GetString()!);
            Assert.InRange(form.GetProperty("runs_ms").GetArrayLength(), 1, 2);
            Assert.True(form.GetProperty("median_ms").GetDouble() >= 0);
            Assert.True(form.GetProperty("rows").GetInt64() > 0);
            Assert.True(form.GetProperty("buffers").GetProperty("hit").GetInt64() + form.GetProperty("buffers").GetProperty("read").GetInt64() > 0);
            Assert.NotEmpty(form.GetProperty("plan").GetProperty("summary").GetString()!);
            Assert.NotEmpty(form.GetProperty("plan").GetProperty("nodes").EnumerateArray());
        }
    }

    private static readonly SemaphoreSlim Once = new(1, 1);
    private static string? _shared;

    /// <summary>One shop for the tests that only meet refusals.</summary>
    private async Task<string> SharedAsync()
    {
        await Once.WaitAsync(Cancelled);
        try
        {
            if (_shared is null)
            {
                var database = await postgres.NewDatabaseAsync();
                await TuningApi.SeedAsync(database);
                _shared = database;
            }

            return _shared;
        }
        finally
        {
            Once.Release();
        }
    }
}
