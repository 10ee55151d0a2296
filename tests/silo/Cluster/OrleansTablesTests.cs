using Npgsql;
using Reco.Silo.Cluster.Tables;
using Reco.Testing;

namespace Reco.Silo.Tests.Cluster;

/// <summary>Orleans' statements, bound by their parameters' names and read by their columns' names as Orleans does, on a real PostgreSQL.</summary>
public sealed class OrleansTablesTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Cluster = "reco";

    private NpgsqlDataSource _database = null!;
    private Dictionary<string, string> _queries = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var connection = await postgres.NewDatabaseAsync();
        _database = NpgsqlDataSource.Create(connection);
        await OrleansTables.ApplyAsync(connection, Cancel);
        _queries = [];
        await using var command = _database.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        while (await rows.ReadAsync(Cancel))
        {
            _queries[rows.GetString(0)] = rows.GetString(1);
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void Queries_AreAllThatTheMembershipProviderAsksFor() => Assert.Equal(
        [
            "CleanupDefunctSiloEntriesKey", "DeleteMembershipTableEntriesKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey",
            "MembershipReadAllKey", "MembershipReadRowKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
        ],
        _queries.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task ApplyAsync_AgainAndByManyAtOnce_ChangesNothing()
    {
        Assert.True(await InsertVersionAsync());
        Assert.True(await InsertAsync(port: 1, version: 0));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OrleansTables.ApplyAsync(_database.ConnectionString, Cancel)));
        Assert.Single(await MembersAsync());
    }

    [Fact]
    public async Task InsertMembershipVersion_SecondSilo_FindsItThere()
    {
        Assert.True(await InsertVersionAsync());
        Assert.False(await InsertVersionAsync());
        Assert.Equal(0, await VersionAsync());
        Assert.Empty(await MembersAsync());
    }

    [Fact]
    public async Task InsertMembership_FromTheVersionThatWasRead_RaisesItOnce()
    {
        await InsertVersionAsync();
        Assert.True(await InsertAsync(port: 1, version: 0));
        Assert.False(await InsertAsync(port: 2, version: 0)); // Somebody else was first.
        Assert.False(await InsertAsync(port: 1, version: 1)); // Is there already: nothing changes, the version neither.
        Assert.Equal(1, await VersionAsync());
        Assert.True(await InsertAsync(port: 2, version: 1));
        Assert.Equal([1, 2], (await MembersAsync()).Select(member => member.Port));
    }

    [Fact]
    public async Task InsertMembership_ManyAtOnceFromOneVersion_OneWins()
    {
        await InsertVersionAsync();
        var won = await Task.WhenAll(Enumerable.Range(1, 16).Select(port => InsertAsync(port, version: 0)));
        Assert.Equal(1, won.Count(w => w));
        Assert.Equal(1, await VersionAsync());
        Assert.Single(await MembersAsync());
    }

    [Fact]
    public async Task UpdateMembership_StaleVersionOrUnknownSilo_ChangesNothing()
    {
        await InsertVersionAsync();
        await InsertAsync(port: 1, version: 0);
        Assert.False(await UpdateAsync(port: 1, status: 6, version: 0));
        Assert.False(await UpdateAsync(port: 9, status: 6, version: 1));
        Assert.Equal((1, 3), (await VersionAsync(), Assert.Single(await MembersAsync()).Status));
        Assert.True(await UpdateAsync(port: 1, status: 6, version: 1));
        Assert.Equal((2, 6), (await VersionAsync(), Assert.Single(await MembersAsync()).Status));
    }

    [Fact]
    public async Task IAmAlive_IsNoChangeOfTheList()
    {
        await InsertVersionAsync();
        await InsertAsync(port: 1, version: 0);
        var alive = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        await ExecuteAsync("UpdateIAmAlivetimeKey", ("DeploymentId", Cluster), ("Address", "127.0.0.1"), ("Port", 1), ("Generation", 7), ("IAmAliveTime", alive));
        Assert.Equal((1, alive), (await VersionAsync(), Assert.Single(await MembersAsync()).Alive));
    }

    [Fact]
    public async Task Gateways_AreTheActiveSilosWithAPort()
    {
        await InsertVersionAsync();
        await InsertAsync(port: 1, version: 0, proxyPort: 30_001);
        await InsertAsync(port: 2, version: 1, proxyPort: 0);
        await InsertAsync(port: 3, version: 2, proxyPort: 30_003, status: 6);
        await using var command = Command("GatewaysQueryKey", ("DeploymentId", Cluster), ("Status", 3));
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await rows.ReadAsync(Cancel));
        Assert.Equal(("127.0.0.1", 30_001, 7), (rows.GetString(rows.GetOrdinal("Address")), rows.GetInt32(rows.GetOrdinal("ProxyPort")), rows.GetInt32(rows.GetOrdinal("Generation"))));
        Assert.False(await rows.ReadAsync(Cancel));
    }

    [Fact]
    public async Task Cleanup_TakesTheLongDeadAndNoActiveOne()
    {
        await InsertVersionAsync();
        await InsertAsync(port: 1, version: 0);
        await InsertAsync(port: 2, version: 1, status: 6);
        await ExecuteAsync("CleanupDefunctSiloEntriesKey", ("DeploymentId", Cluster), ("IAmAliveTime", new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        Assert.Equal(1, Assert.Single(await MembersAsync()).Port);
        await ExecuteAsync("DeleteMembershipTableEntriesKey", ("DeploymentId", Cluster));
        Assert.True(await InsertVersionAsync());
    }

    private Task<bool> InsertVersionAsync() => AskAsync("InsertMembershipVersionKey", ("DeploymentId", Cluster));

    private Task<bool> InsertAsync(int port, int version, int proxyPort = 30_000, int status = 3) => AskAsync(
        "InsertMembershipKey",
        ("DeploymentId", Cluster), ("Address", "127.0.0.1"), ("Port", port), ("Generation", 7), ("SiloName", "silo"), ("HostName", "host"), ("Status", status),
        ("ProxyPort", proxyPort), ("StartTime", DateTime.UnixEpoch), ("IAmAliveTime", DateTime.UnixEpoch), ("Version", version));

    private Task<bool> UpdateAsync(int port, int status, int version) => AskAsync(
        "UpdateMembershipKey",
        ("DeploymentId", Cluster), ("Address", "127.0.0.1"), ("Port", port), ("Generation", 7), ("Status", status), ("SuspectTimes", "x,y"),
        ("IAmAliveTime", DateTime.UnixEpoch), ("Version", version));

    private async Task<bool> AskAsync(string key, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(key, parameters);
        return Convert.ToBoolean(await command.ExecuteScalarAsync(Cancel), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task ExecuteAsync(string key, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(key, parameters);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private async Task<int> VersionAsync()
    {
        await using var command = Command("MembershipReadAllKey", ("DeploymentId", Cluster));
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await rows.ReadAsync(Cancel));
        return rows.GetInt32(rows.GetOrdinal("Version"));
    }

    private async Task<List<(int Port, int Status, DateTime Alive)>> MembersAsync()
    {
        await using var command = Command("MembershipReadAllKey", ("DeploymentId", Cluster));
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        var members = new List<(int, int, DateTime)>();
        while (await rows.ReadAsync(Cancel))
        {
            if (!await rows.IsDBNullAsync(rows.GetOrdinal("StartTime"), Cancel))
            {
                members.Add((rows.GetInt32(rows.GetOrdinal("Port")), rows.GetInt32(rows.GetOrdinal("Status")), rows.GetDateTime(rows.GetOrdinal("IAmAliveTime"))));
            }
        }

        return [.. members.OrderBy(member => member.Item1)];
    }

    private NpgsqlCommand Command(string key, params (string Name, object Value)[] parameters)
    {
        var command = _database.CreateCommand(_queries[key]);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
