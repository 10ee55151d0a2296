using Npgsql;
using Reco.Adapters.Postgres.Tuning;
using Reco.Adapters.Postgres.Tuning.UserSql;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Tuning;

/// <summary>What the laboratory says where it cannot work, and that it works again afterwards.</summary>
public sealed class LabTroubleTests(PostgresFixture postgres)
{
    private const string Good = "SELECT count(*) FROM orders";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_ServerKilledAndStartedAgain_SaysToStartItAndGoesOn()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var shop = new OwnShop(await server.CreateDatabaseAsync("shop"));
        await shop.FillAsync();
        await using var lab = shop.Lab();
        await lab.ExplainAsync(Good, Cancelled);
        await lab.CompareJoinsAsync(Cancelled);

        await server.KillAsync();
        foreach (var run in Everything(lab))
        {
            var refusal = await Assert.ThrowsAsync<TuningException>(run);
            Assert.True(refusal.Fault == TuningFault.Unavailable, refusal.ToString());
            Assert.Contains("Start it", refusal.Message);
        }

        await server.RestartAsync();
        foreach (var run in Everything(lab))
        {
            await run();
        }

        // Between two requests: the connections in the pools are dead, and nobody need know.
        await server.RestartAsync();
        await lab.ExplainAsync(Good, Cancelled);
        await lab.CompareJoinsAsync(Cancelled);
    }

    [Fact]
    public async Task Everything_NoTables_SaysToSeed()
    {
        await using var lab = new TuningLab(await postgres.NewDatabaseAsync(), new TuningOptions { ReaderRole = "reco_reader_of_nothing" }, TimeProvider.System);
        foreach (var run in Everything(lab))
        {
            var refusal = await Assert.ThrowsAsync<TuningException>(run);
            Assert.True(refusal.Fault == TuningFault.NotSeeded, refusal.ToString());
            Assert.Contains("./reco seed-database", refusal.Message);
        }
    }

    [Fact]
    public async Task Experiments_EmptyTables_SayToSeed()
    {
        await using var shop = new OwnShop(await postgres.NewDatabaseAsync());
        await shop.MigrateAsync();
        await using var lab = shop.Lab();
        foreach (var run in (Func<Task>[])[
            () => lab.CompareHeavyQueriesAsync(Cancelled), () => lab.ComparePaginationAsync(1, 20, null, Cancelled),
            () => lab.CompareAggregationAsync(Cancelled), () => lab.CompareJoinsAsync(Cancelled), () => lab.CompareScansAsync("orders", 5, Cancelled),
            () => lab.CompareJoinMethodsAsync(Cancelled), () => lab.CompareSubqueryFormsAsync(Cancelled)])
        {
            var refusal = await Assert.ThrowsAsync<TuningException>(run);
            Assert.Equal(TuningFault.NotSeeded, refusal.Fault);
            Assert.Contains("./reco seed-database", refusal.Message);
        }

        await lab.ReadTablesAsync(Cancelled);
        await lab.AnalyseIndexesAsync(Cancelled);
    }

    [Fact]
    public async Task UserSql_MainRoleMayNotMakeRoles_SaysWhatToRunByHand()
    {
        await using var shop = new OwnShop(await postgres.NewDatabaseAsync());
        await shop.MigrateAsync();
        await shop.ExecuteAsync("DROP ROLE IF EXISTS modest; CREATE ROLE modest LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO modest");
        var modest = new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Username = "modest" }.ConnectionString;
        await using var lab = new TuningLab(modest, new TuningOptions { ReaderRole = "reco_other_reader" }, TimeProvider.System);

        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.ExplainAsync(Good, Cancelled));
        Assert.Equal(TuningFault.Unavailable, refusal.Fault);
        Assert.Contains("CREATE ROLE reco_other_reader LOGIN NOINHERIT PASSWORD", refusal.Message);

        // What the sentence says helps.
        await shop.ExecuteAsync(refusal.Message[refusal.Message.IndexOf("CREATE ROLE", StringComparison.Ordinal)..refusal.Message.IndexOf(" Then set", StringComparison.Ordinal)]);
        Assert.Equal(1, (await lab.ExplainAsync(Good, Cancelled)).Rows);
    }

    [Theory]
    [InlineData("ALTER ROLE reco_strong_reader SUPERUSER", "ALTER ROLE reco_strong_reader NOSUPERUSER")]
    [InlineData("GRANT INSERT ON orders TO reco_strong_reader", "REVOKE INSERT ON orders FROM reco_strong_reader")]
    [InlineData("GRANT pg_read_server_files TO reco_strong_reader", "REVOKE pg_read_server_files FROM reco_strong_reader")]
    public async Task UserSql_ReaderThatMayDoMore_IsNotUsed(string strengthen, string weaken)
    {
        await using var shop = new OwnShop(await postgres.NewDatabaseAsync());
        await shop.MigrateAsync();
        const string role = "reco_strong_reader";
        await using (var first = shop.Lab(role))
        {
            await first.ExplainAsync(Good, Cancelled);
        }

        await shop.ExecuteAsync(strengthen);
        await using var lab = shop.Lab(role);
        var refusal = await Assert.ThrowsAsync<TuningException>(() => lab.ExplainAsync(Good, Cancelled));
        Assert.Equal(TuningFault.Unavailable, refusal.Fault);
        Assert.Contains("may do more", refusal.Message);

        await shop.ExecuteAsync(weaken);
        await lab.ExplainAsync(Good, Cancelled);
    }

    [Fact]
    public async Task UserSql_ManyProcessesAtOnce_AgreeOnOneRole()
    {
        await using var shop = new OwnShop(await postgres.NewDatabaseAsync());
        await shop.MigrateAsync();
        var labs = Enumerable.Range(0, 6).Select(_ => shop.Lab("reco_shared_reader")).ToArray();

        var reports = await Task.WhenAll(labs.Select(lab => lab.ExplainAsync(Good, Cancelled)));

        Assert.All(reports, report => Assert.Equal(1, report.Rows));
        foreach (var lab in labs)
        {
            await lab.DisposeAsync();
        }
    }

    [Fact]
    public void PasswordOf_MainPassword_IsTheSameEverywhereAndTellsNothingOfIt()
    {
        var options = new TuningOptions();

        Assert.Equal(ReaderRole.PasswordOf("secret", options), ReaderRole.PasswordOf("secret", new TuningOptions()));
        Assert.NotEqual(ReaderRole.PasswordOf("secret", options), ReaderRole.PasswordOf("secret2", options));
        Assert.NotEqual(ReaderRole.PasswordOf("secret", options), ReaderRole.PasswordOf("secret", new TuningOptions { ReaderRole = "other" }));
        Assert.Matches("^[0-9a-f]{64}$", ReaderRole.PasswordOf("secret", options));
        Assert.Null(ReaderRole.PasswordOf("", options));
        Assert.Null(ReaderRole.PasswordOf(null, options));
        Assert.Equal("chosen", ReaderRole.PasswordOf("secret", new TuningOptions { ReaderPassword = "chosen" }));
    }

    private static IEnumerable<Func<Task>> Everything(TuningLab lab) =>
    [
        () => lab.CompareHeavyQueriesAsync(Cancelled),
        () => lab.ComparePaginationAsync(1, 20, null, Cancelled),
        () => lab.CompareAggregationAsync(Cancelled),
        () => lab.CompareJoinsAsync(Cancelled),
        () => lab.CompareScansAsync("orders", 5, Cancelled),
        () => lab.CompareJoinMethodsAsync(Cancelled),
        () => lab.CompareSubqueryFormsAsync(Cancelled),
        () => lab.ReadTablesAsync(Cancelled),
        () => lab.AnalyseIndexesAsync(Cancelled),
        () => lab.ExplainAsync(Good, Cancelled),
        () => lab.CompareHintsAsync(Good, Cancelled),
    ];

    /// <summary>A database for one test.</summary>
    private sealed class OwnShop(string connectionString) : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

        public string ConnectionString => connectionString;

        public Task MigrateAsync() => new Reco.Adapters.Postgres.Schema.SchemaMigrator(_source, null).MigrateAsync(Cancelled);

        public async Task FillAsync()
        {
            await MigrateAsync();
            await TuningShop.FillAsync(_source, 500);
        }

        public TuningLab Lab(string? role = null) =>
            new(connectionString, new TuningOptions { Runs = 1, RunsMin = 1, ReaderRole = role ?? "reco_reader" }, TimeProvider.System);

        public async Task ExecuteAsync(string sql)
        {
            await using var command = _source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        public ValueTask DisposeAsync() => _source.DisposeAsync();
    }
}
