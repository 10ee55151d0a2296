namespace Reco.Testing;

/// <summary>
/// One PostgreSQL for all tests of an assembly, each with a database of its own; started by the first that asks. For
/// <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>. A test that kills the server starts its own.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<PostgresServer>? _server;
    private int _databases;

    /// <summary>The server, or the test is skipped where PostgreSQL is not installed.</summary>
    public Task<PostgresServer> ServerAsync()
    {
        lock (_gate)
        {
            return _server ??= PostgresServer.StartAsync();
        }
    }

    /// <summary>Makes an empty database and answers how to connect to it.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var server = await ServerAsync();
        return await server.CreateDatabaseAsync($"test_{Interlocked.Increment(ref _databases)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is { IsCompletedSuccessfully: true } started)
        {
            await (await started).DisposeAsync();
        }
    }
}
