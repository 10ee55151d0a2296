using Npgsql;
using Reco.Testing;

namespace Reco.Adapters.Tests.Postgres.Schema;

/// <summary>The server that tests start is a real one, dies when told and comes back with what was committed.</summary>
public sealed class PostgresServerTests
{
    [Fact]
    public async Task KillAndRestart_CommittedRow_IsStillThere()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 16 });
        var connectionString = await server.CreateDatabaseAsync("shop") + ";Pooling=false";
        await using (var connection = new NpgsqlConnection(connectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

            var postmaster = server.ProcessId;
            await server.KillAsync();

            Assert.False(Directory.Exists($"/proc/{postmaster}"), "the postmaster is still there");
            await using var after = new NpgsqlCommand("SELECT 1", connection);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => after.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        await server.RestartAsync();
        await using var again = new NpgsqlConnection(connectionString);
        await again.OpenAsync(TestContext.Current.CancellationToken);
        await using var read = new NpgsqlCommand("SELECT n FROM kept", again);
        Assert.Equal(7, await read.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dispose_RunningServer_LeavesNoProcess()
    {
        var server = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 16 });
        var children = (await File.ReadAllTextAsync(
            $"/proc/{server.ProcessId}/task/{server.ProcessId}/children", TestContext.Current.CancellationToken))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(children);

        await server.DisposeAsync();

        Assert.All(children, child => Assert.False(IsPostgres(child), $"process {child} is still there"));
    }

    /// <summary>A process that is dead but not yet reaped has no command line.</summary>
    private static bool IsPostgres(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains("postgres", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
