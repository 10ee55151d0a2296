using Npgsql;
using Reco.Adapters.Postgres.Tuning;
using Reco.Adapters.Postgres.Tuning.Experiments;
using Reco.Adapters.Postgres.Tuning.Measuring;

namespace Reco.Adapters.Tests.Postgres.Tuning;

/// <summary>What the laboratory answers is right, on a small shop; how fast the forms are is asked of a big one.</summary>
public sealed class ExperimentTests(TuningShop shop) : IClassFixture<TuningShop>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pairs_OnTheSameSnapshot_ReturnTheSameRowsAndLeaveNothing()
    {
        await using var lab = shop.Open();
        var before = await shop.FingerprintAsync();

        Check(await lab.CompareHeavyQueriesAsync(Cancelled));
        Check(await lab.CompareAggregationAsync(Cancelled));
        Check(await lab.CompareJoinsAsync(Cancelled));
        Check(await lab.CompareJoinMethodsAsync(Cancelled));
        Check(await lab.CompareSubqueryFormsAsync(Cancelled));
        Assert.Equal(before, await shop.FingerprintAsync());
    }

    [Theory]
    [InlineData("users")]
    [InlineData("products")]
    [InlineData("orders")]
    [InlineData("order_items")]
    public async Task Scans_OfEachTable_AreWhatTheyAreCalled(string table)
    {
        await using var lab = shop.Open();

        var answer = await lab.CompareScansAsync(table, 100, Cancelled);

        Check(answer);
        Check(answer.Unselective);
        Assert.Contains("Seq Scan", answer.Slow.Plan.Summary);
        Assert.DoesNotContain("Seq Scan", answer.Fast.Plan.Summary);
        Assert.Contains("Index", answer.Fast.Plan.Summary);
        Assert.InRange(answer.Slow.Rows, 1, 100);
        Assert.Equal(1, answer.Unselective.Slow.Rows);
    }

    [Fact]
    public async Task Scans_EmptyTable_SaysToSeed()
    {
        await using var lab = shop.Open();

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.CompareScansAsync("user_events", 100, Cancelled));

        Assert.Equal(TuningFault.NotSeeded, refusal.Fault);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("orders; DROP TABLE orders")]
    [InlineData("pg_authid")]
    [InlineData("ORDERS")]
    public async Task Scans_UnknownTable_IsRefused(string table)
    {
        await using var lab = shop.Open();

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.CompareScansAsync(table, 100, Cancelled));

        Assert.Equal((TuningFault.BadInput, "table"), (refusal.Fault, refusal.Field));
    }

    [Fact]
    public async Task Pagination_FollowingCursors_MeetsEveryOrderOnceInOrder()
    {
        await using var lab = shop.Open(options => options.Runs = 1);
        const int limit = 997;
        var met = new List<long>();
        string? token = null;
        do
        {
            PageCursor? cursor = token is null ? null : PageCursor.TryParse(token, out var known) ? known : throw new InvalidOperationException(token);
            var page = await lab.ComparePaginationAsync(1, limit, cursor, Cancelled);
            Check(page);
            Assert.Equal((met.Count / limit) + 1, page.Page);
            met.AddRange(page.Items.Select(item => item.OrderId));
            token = page.NextCursor;
        }
        while (token is not null);

        await using var command = shop.Source.CreateCommand("SELECT array_agg(order_id ORDER BY created_at DESC, order_id DESC) FROM orders");
        Assert.Equal((long[])(await command.ExecuteScalarAsync(Cancelled))!, met);
    }

    [Theory]
    [InlineData(1, 20, 20)]
    [InlineData(2, 20, 20)]
    [InlineData(1_000, 20, 20)]
    [InlineData(2_858, 7, 1)]
    public async Task Pagination_PageByNumber_IsTheSameByBothWays(long page, int limit, int expected)
    {
        await using var lab = shop.Open();

        var answer = await lab.ComparePaginationAsync(page, limit, null, Cancelled);

        Check(answer);
        Assert.Equal((page, expected), (answer.Page, answer.Items.Count));
        Assert.Equal(page == answer.Pages, answer.NextCursor is null);
        Assert.Contains($"OFFSET {(page - 1) * limit} ", answer.Slow.Sql);
    }

    [Fact]
    public async Task Pagination_AfterTheLastPage_SaysHowManyThereAre()
    {
        await using var lab = shop.Open();

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.ComparePaginationAsync(1_001, 20, null, Cancelled));

        Assert.Equal((TuningFault.BadInput, "page"), (refusal.Fault, refusal.Field));
        Assert.Contains("1 to 1000", refusal.Message);
    }

    [Fact]
    public async Task Session_OrdersThatArriveMeanwhile_AreNotSeen()
    {
        var options = new TuningOptions { Runs = 1, RunsMin = 1 };
        await using var session = await LabSession.BeginAsync(shop.Source, options, TimeProvider.System, Cancelled);
        var newest = new QueryForm("newest", "SELECT order_id FROM orders ORDER BY created_at DESC, order_id DESC LIMIT 20");
        var before = await session.MeasureAsync(ordered: true, Cancelled, newest);
        await ExecuteAsync(
            "INSERT INTO orders (event_id, user_id, status, total, created_at) SELECT 'new-' || i, 'user-1', 'paid', 1, now() FROM generate_series(1, 50) i");
        try
        {
            var after = await session.MeasureAsync(ordered: true, Cancelled, newest);
            Assert.Equal(before.Digests[0], after.Digests[0]);
        }
        finally
        {
            await ExecuteAsync("DELETE FROM orders WHERE event_id LIKE 'new-%'");
        }
    }

    [Theory]
    [InlineData("SELECT 1 AS a UNION ALL SELECT 2", "SELECT 2 AS a UNION ALL SELECT 1", false, true)]
    [InlineData("SELECT 1 AS a UNION ALL SELECT 2", "SELECT 2 AS a UNION ALL SELECT 1", true, false)]
    [InlineData("SELECT 1 AS a UNION ALL SELECT 1", "SELECT 1 AS a", false, false)]
    [InlineData("SELECT 1 AS a, NULL::text AS b", "SELECT 1 AS a, '' AS b", false, false)]
    [InlineData("SELECT 1 AS a, 2 AS b", "SELECT 2 AS a, 1 AS b", false, false)]
    [InlineData("SELECT 'x' AS a WHERE false", "SELECT 'y' AS a WHERE false", true, true)]
    public async Task Identical_TwoForms_MeansTheSameRows(string first, string second, bool ordered, bool expected)
    {
        await using var session = await LabSession.BeginAsync(shop.Source, new TuningOptions { Runs = 1, RunsMin = 1 }, TimeProvider.System, Cancelled);

        var outcome = await session.MeasureAsync(ordered, Cancelled, new QueryForm("first", first), new QueryForm("second", second));

        Assert.Equal(expected, outcome.Identical);
    }

    [Fact]
    public async Task HeavyQueries_WriterHoldsTheTable_LeavesOutTheIndexAndSaysSo()
    {
        await using var lab = shop.Open(options => options.LockTimeoutSeconds = 0.1);
        await using var connection = await shop.Source.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using (var command = new NpgsqlCommand("LOCK TABLE orders IN ROW EXCLUSIVE MODE", connection))
        {
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        var answer = await lab.CompareHeavyQueriesAsync(Cancelled);

        Check(answer);
        Assert.Empty(answer.Alternatives);
        Assert.Contains(answer.Notes, note => note.Contains("left out") && note.Contains("lock timeout"));
    }

    [Fact]
    public async Task Indexes_DoubleUnusedAndMissing_AreFound()
    {
        await using var lab = shop.Open();
        await ExecuteAsync("""
            CREATE INDEX extra_same ON orders (user_id, created_at DESC);
            CREATE INDEX extra_prefix ON orders (user_id);
            CREATE INDEX extra_other_order ON orders (created_at DESC, order_id);
            CREATE TABLE refunds (order_id bigint REFERENCES orders)
            """);
        try
        {
            var answer = await lab.AnalyseIndexesAsync(Cancelled);

            Assert.Contains(answer.Duplicates, found => (found.Keep, found.Redundant) == ("orders_user_id_created_at_idx", "extra_same"));
            Assert.Contains(answer.Duplicates, found => found.Redundant == "extra_prefix");
            Assert.DoesNotContain(answer.Duplicates, found => found.Redundant is "extra_other_order" or "orders_user_id_created_at_idx" or "orders_pkey" or "orders_created_at_order_id_idx");
            Assert.Contains("extra_same", answer.Unused);
            Assert.DoesNotContain("orders_pkey", answer.Unused);
            Assert.Contains(answer.Suggestions, found => found is { Table: "refunds", Statement: "CREATE INDEX CONCURRENTLY ON refunds (order_id)" });
            Assert.DoesNotContain(answer.Suggestions, found => found.Table == "order_items" && found.Statement is not null);
        }
        finally
        {
            await ExecuteAsync("DROP INDEX extra_same, extra_prefix, extra_other_order; DROP TABLE refunds");
        }
    }

    [Fact]
    public async Task Tables_OfTheShop_HaveSizesAndAnEstimateOfBloat()
    {
        await using var lab = shop.Open();
        await ExecuteAsync("CREATE TABLE holey AS SELECT i, repeat('x', 100) AS pad FROM generate_series(1, 20000) i");
        await ExecuteAsync("DELETE FROM holey WHERE i % 10 <> 0");
        await ExecuteAsync("VACUUM ANALYZE holey");
        try
        {
            var tables = (await lab.ReadTablesAsync(Cancelled)).Tables.ToDictionary(table => table.Table);

            Assert.True(tables["orders"].TotalBytes >= tables["orders"].TableBytes + tables["orders"].IndexBytes);
            Assert.InRange(tables["orders"].BloatRatio!.Value, 0, 0.2);
            Assert.InRange(tables["holey"].BloatRatio!.Value, 0.8, 1);
            Assert.NotNull(tables["orders"].LastVacuum);
        }
        finally
        {
            await ExecuteAsync("DROP TABLE holey");
        }
    }

    private static void Check(Comparison answer)
    {
        Assert.True(answer.Identical, answer.Explanation);
        Assert.EndsWith(".", answer.Explanation);
        foreach (var form in answer.Alternatives.Append(answer.Slow).Append(answer.Fast))
        {
            Assert.NotEmpty(form.RunsMs);
            Assert.Equal(answer.Slow.Rows, form.Rows);
            Assert.InRange(form.MedianMs, form.RunsMs.Min(), form.RunsMs.Max());
            Assert.True(form.Buffers.Hit + form.Buffers.Read > 0, form.Sql);
            Assert.NotEmpty(form.Plan.Nodes);
        }

        Assert.Equal(Math.Round(answer.Slow.MedianMs / Math.Max(0.001, answer.Fast.MedianMs), 1), answer.Speedup);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = shop.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
