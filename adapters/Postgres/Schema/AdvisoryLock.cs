using System.Data;
using Npgsql;

namespace Reco.Adapters.Postgres.Schema;

/// <summary>A lock of the database's that any number of processes take in turns; it goes with its connection.</summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    /// <summary>Held while the schema is changed. "reco" in ASCII, and a number.</summary>
    public const long Schema = 0x7265_636f_0000_0001;

    /// <summary>Held while an empty shop is filled, and by seeding.</summary>
    public const long Filling = 0x7265_636f_0000_0002;

    private readonly NpgsqlConnection _connection;
    private readonly long _key;

    private AdvisoryLock(NpgsqlConnection connection, long key)
    {
        _connection = connection;
        _key = key;
    }

    /// <summary>Waits for its turn as long as that takes.</summary>
    public static async Task<AdvisoryLock> AcquireAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection)
        {
            Parameters = { new() { Value = key } },
            CommandTimeout = 0,
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new AdvisoryLock(connection, key);
    }

    /// <summary>Null when another has it.</summary>
    public static async Task<AdvisoryLock?> TryAcquireAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = key } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))! ? new AdvisoryLock(connection, key) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A broken connection has lost its locks already.
        if (_connection.State != ConnectionState.Open)
        {
            return;
        }

        await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", _connection) { Parameters = { new() { Value = _key } } };
        await command.ExecuteNonQueryAsync();
    }
}
