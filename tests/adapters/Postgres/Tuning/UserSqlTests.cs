using Reco.Adapters.Postgres.Tuning;

namespace Reco.Adapters.Tests.Postgres.Tuning;

/// <summary>Statements of users: what runs, what is refused, and that nothing is changed and no connection lost by it.</summary>
public sealed class UserSqlTests(TuningShop shop) : IClassFixture<TuningShop>
{
    private const string Good = "SELECT order_id, status FROM orders LIMIT 50";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Statements that must be refused, and what the sentence must say.</summary>
    public static TheoryData<string, string> Bad => new()
    {
        { "DROP TABLE orders", "Only a SELECT" },
        { "TRUNCATE orders", "Only a SELECT" },
        { "SELECT 1; SELECT 2", "multiple commands" },
        { "SELECT 1; DROP TABLE orders", "multiple commands" },
        { "COMMIT; DROP TABLE orders", "multiple commands" },
        { "COMMIT", "Only a SELECT" },
        { "INSERT INTO users VALUES ('x', 'x', NULL, now(), now())", "Only a SELECT" },
        { "UPDATE orders SET total = 0", "Only a SELECT" },
        { "WITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone", "Only a SELECT" },
        { "SELECT * INTO copied FROM orders", "Only a SELECT" },
        { "CREATE TABLE copied AS SELECT * FROM orders", "Only a SELECT" },
        { "EXPLAIN ANALYZE DELETE FROM orders", "Only a SELECT" },
        { "COPY orders TO '/tmp/orders'", "Only a SELECT" },
        { "COPY orders TO PROGRAM 'id'", "Only a SELECT" },
        { "SET statement_timeout = 0", "Only a SELECT" },
        { "RESET ROLE", "Only a SELECT" },
        { "SET SESSION AUTHORIZATION reco", "Only a SELECT" },
        { "LISTEN everything", "Only a SELECT" },
        { "DO $$ BEGIN DELETE FROM orders; END $$", "Only a SELECT" },
        { "CALL nothing()", "nothing()" },
        // The rule on pg_settings makes a SELECT of it that calls set_config.
        { "UPDATE pg_settings SET setting = '0' WHERE name = 'statement_timeout'", "Only a SELECT" },
        { "SELECT set_config('statement_timeout', '0', false)", "set_config" },
        { "SELECT * FROM orders WHERE pg_catalog.\"set_config\"('work_mem', '2GB', true) IS NOT NULL LIMIT 1", "set_config" },
        { "SELECT count(*) FROM (SELECT u&\"set\\005fconfig\"('work_mem', '2GB', true)) AS hidden", "set_config" },
        { "SELECT pg_advisory_lock(1)", "pg_advisory_lock" },
        { "SELECT nextval('orders_order_id_seq')", "nextval" },
        { "SELECT lo_create(0)", "lo_create" },
        { "SELECT lo_import('/etc/passwd')", "lo_import" },
        { "SELECT pg_read_file('/etc/passwd')", "pg_read_file" },
        { "SELECT pg_terminate_backend(pid) FROM generate_series(1, 10) pid", "pg_terminate_backend" },
        { "SELECT query_to_xml('DELETE FROM orders', true, true, '')", "query_to_xml" },
        { "SELECT table_to_xml('pg_authid', true, true, '')", "table_to_xml" },
        { "SELECT dblink('', 'DROP TABLE orders')", "dblink" },
        { "SELECT wipe_orders()", "public.wipe_orders" },
        { "SELECT innocent_wipe()", "public.innocent_wipe" },
        { "SELECT * FROM pg_authid", "pg_authid" },
        { "SELECT * FROM pg_catalog.pg_stat_activity", "pg_stat_activity" },
        { "SELECT * FROM information_schema.tables", "information_schema.tables" },
        { "SELECT * FROM dead_letters", "dead_letters" },
        { "SELECT * FROM orders FOR UPDATE", "FOR UPDATE" },
        { "SELECT * FROM orders, LATERAL (SELECT 1 FROM users FOR SHARE) AS locked", "FOR SHARE" },
        { "SELEC 1", "at character 1" },
        { "SELECT * FROM orders WHERE", "syntax error at end of input" },
        { "SELECT nothing FROM orders", "column \"nothing\" does not exist, at character 8" },
        { "SELECT * FROM nowhere", "relation \"nowhere\" does not exist" },
        { "SELECT 1/0 FROM orders LIMIT 1", "division by zero" },
        { "SELECT 'x'::int", "invalid input syntax" },
        { "SELECT $1::int", "parameter" },
        { "", "no statement" },
        { "-- only a remark", "no statement" },
        { ";", "no statement" },
        { "SELECT 1) AS q; DROP TABLE orders; --", "syntax error" },
        { "SELECT 1) AS q, (SELECT 2", "syntax error" },
    };

    [Theory]
    [InlineData(Good)]
    [InlineData("SELECT o.*, u.name FROM orders o JOIN users u ON o.user_id = u.user_id LIMIT 10")]
    [InlineData("SELECT order_id FROM orders LIMIT 5;")]
    [InlineData("SELECT order_id FROM orders LIMIT 5 ; -- the newest would need an order")]
    [InlineData("-- first\nSELECT order_id /* ; */ FROM orders\nLIMIT 5 -- last")]
    [InlineData("WITH big AS (SELECT * FROM orders WHERE total > 100) SELECT count(*) FROM big")]
    [InlineData("SELECT ';' AS \"set_config(\", 'ünïcödé; DROP TABLE orders' AS text FROM users LIMIT 3; ")]
    [InlineData("VALUES (1), (2)")]
    [InlineData("TABLE products")]
    [InlineData("SELECT status, avg(total), percentile_cont(0.5) WITHIN GROUP (ORDER BY total) FROM orders GROUP BY ROLLUP (status)")]
    [InlineData("SELECT order_id, row_number() OVER (PARTITION BY user_id ORDER BY created_at) FROM orders ORDER BY total * random() LIMIT 10")]
    [InlineData("SELECT date_trunc('month', created_at), count(*) FROM orders WHERE created_at < now() GROUP BY 1")]
    [InlineData("SELECT pg_sleep(0.001)")]
    public async Task Explain_OneSelect_Runs(string sql)
    {
        await using var lab = shop.Open();

        var report = await lab.ExplainAsync(sql, Cancelled);
        var hints = await lab.CompareHintsAsync(sql, Cancelled);

        Assert.True(report.Rows > 0);
        Assert.NotEmpty(report.Advice);
        Assert.NotNull(report.SlowestNode);
        Assert.StartsWith(report.PlanText[..4], report.PlanText.TrimStart());
        Assert.Contains(hints.Notes, note => note.Contains("no hints"));
        Assert.Equal(report.Rows, hints.Fast.Rows);
    }

    [Fact]
    public async Task Explain_EveryBadStatement_IsRefusedChangesNothingAndGivesItsConnectionBack()
    {
        await ExecuteAsync("""
            CREATE OR REPLACE FUNCTION wipe_orders() RETURNS int LANGUAGE sql VOLATILE AS 'DELETE FROM orders RETURNING 1';
            CREATE OR REPLACE FUNCTION innocent_wipe() RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER AS 'BEGIN DELETE FROM orders; RETURN 1; END'
            """);
        await using var lab = shop.Open(options => options.ReadersMax = 1);
        await lab.ExplainAsync(Good, Cancelled);
        var before = await shop.FingerprintAsync();
        foreach (var (sql, sentence) in Bad.Select(row => row.Data))
        {
            foreach (var run in (Func<Task>[])[() => lab.ExplainAsync(sql, Cancelled), () => lab.CompareHintsAsync(sql, Cancelled)])
            {
                var refusal = await Assert.ThrowsAsync<TuningException>(run);
                Assert.True(refusal is { Fault: TuningFault.BadInput, Field: "query" }, $"{sql}: {refusal}");
                Assert.True(refusal.Message.Contains(sentence, StringComparison.Ordinal), $"{sql}: {refusal.Message}");
                Assert.EndsWith(".", refusal.Message);
            }
        }

        Assert.Equal(before, await shop.FingerprintAsync());
        Assert.Equal(50, (await lab.ExplainAsync(Good, Cancelled)).Rows);
        Assert.Equal(1, await ReadersAsync());
    }

    [Theory]
    [InlineData("SELECT pg_sleep(60)")]
    [InlineData("SELECT count(*) FROM orders a, orders b, orders c")]
    [InlineData("SELECT repeat('x', 20), (SELECT pg_sleep(60))::text FROM orders")]
    public async Task Explain_SlowerThanTheLimit_IsStopped(string sql)
    {
        await using var lab = shop.Open(options => (options.ReadersMax, options.StatementTimeoutSeconds) = (1, 0.5));

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.ExplainAsync(sql, Cancelled));

        Assert.Equal(TuningFault.TooMuch, refusal.Fault);
        Assert.Contains("stopped after 0.5 s", refusal.Message);
        Assert.Equal(50, (await lab.ExplainAsync(Good, Cancelled)).Rows);
    }

    [Theory]
    [InlineData("SELECT generate_series(1, 10000000)", "more than 100,000 rows")]
    [InlineData("SELECT o.* FROM orders o, generate_series(1, 500)", "more than 100,000 rows")]
    [InlineData("SELECT repeat('x', 100000000)", "bytes of text")]
    public async Task Explain_MoreThanTheCaps_IsRefused(string sql, string sentence)
    {
        await using var lab = shop.Open(options => options.ReadersMax = 1);

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.CompareHintsAsync(sql, Cancelled));

        Assert.Equal(TuningFault.TooMuch, refusal.Fault);
        Assert.Contains(sentence, refusal.Message);
        Assert.Equal(50, (await lab.ExplainAsync(Good, Cancelled)).Rows);
    }

    [Fact]
    public async Task Explain_BigSortOnDisk_MeetsTheLimitOfTemporaryFiles()
    {
        await using var lab = shop.Open(options => (options.TempFileMegabytes, options.WorkMemMegabytes, options.ReaderRole) = (1, 1, "reco_small_reader"));

        var refusal = await Assert.ThrowsAsync<TuningException>(
            () => lab.ExplainAsync("SELECT * FROM (SELECT a.*, b.name FROM orders a, products b ORDER BY a.total DESC, b.name) AS sorted LIMIT 5 OFFSET 500000", Cancelled));

        Assert.Equal(TuningFault.TooMuch, refusal.Fault);
        Assert.Contains("temporary files", refusal.Message);
    }

    [Fact]
    public async Task Explain_CallerGivesUp_StopsTheStatementOnTheServer()
    {
        await using var lab = shop.Open(options => options.ReadersMax = 1);
        await lab.ExplainAsync(Good, Cancelled);
        using var patience = new CancellationTokenSource();
        var running = lab.ExplainAsync("SELECT pg_sleep(9)", patience.Token);
        await Reco.Testing.Deadline.Until(async () => await CountAsync("state = 'active'") == 1, "the statement runs");

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Reco.Testing.Deadline.Until(async () => await CountAsync("state = 'active'") == 0, "the statement has stopped");
        Assert.Equal(50, (await lab.ExplainAsync(Good, Cancelled)).Rows);
    }

    [Fact]
    public async Task Explain_MoreRequestsThanTurnsAndSeats_SendsTheRestAway()
    {
        await using var lab = shop.Open(options => (options.ReadersMax, options.WaitingMax) = (1, 1));
        await lab.ExplainAsync(Good, Cancelled);
        using var patience = new CancellationTokenSource();
        var running = lab.ExplainAsync("SELECT pg_sleep(9)", patience.Token);
        var waiting = lab.ExplainAsync(Good, Cancelled);

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.ExplainAsync(Good, Cancelled));

        Assert.Equal(TuningFault.Busy, refusal.Fault);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(50, (await waiting).Rows);
    }

    [Fact]
    public async Task Hints_LimitWithoutOrder_SaysWhenRowsDiffer()
    {
        await using var lab = shop.Open();

        var answer = await lab.CompareHintsAsync("SELECT random()", Cancelled);

        Assert.False(answer.Identical);
        Assert.Contains(answer.Notes, note => note.Contains("different rows"));
    }

    private async Task<long> ReadersAsync() => await CountAsync("true");

    private async Task<long> CountAsync(string condition)
    {
        await using var command = shop.Source.CreateCommand(
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'reco-reader' AND {condition}");
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = shop.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
