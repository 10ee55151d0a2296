using System.Globalization;
using Npgsql;

namespace Reco.Adapters.Postgres.Tuning.Measuring;

/// <summary>
/// One transaction in which everything of an experiment happens: one snapshot, so that orders that arrive meanwhile change no comparison;
/// and always rolled back, so that whatever index or materialised view it built was never there for anybody else.
/// </summary>
internal sealed class LabSession : IAsyncDisposable
{
    /// <summary>Only one laboratory at a time, in all processes: others would disturb the times. "RECO_LAB" in ASCII.</summary>
    private const long LockKey = 0x5245434F_5F4C4142;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly AlternatingRuns _runs;
    private readonly TimeProvider _time;

    private LabSession(NpgsqlConnection connection, NpgsqlTransaction transaction, TuningOptions options, TimeProvider time)
    {
        _connection = connection;
        _transaction = transaction;
        _time = time;
        Runner = new FormRunner(connection);
        _runs = new AlternatingRuns(Runner, options, time);
    }

    public FormRunner Runner { get; }

    public static async Task<LabSession> BeginAsync(
        NpgsqlDataSource source, TuningOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = await source.OpenLiveAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            var session = new LabSession(connection, transaction, options, time);
            await session.ExecuteAsync(
                // Compilation would be charged to the slow form only; scans of big tables that start where another's is would mix up rows.
                string.Create(CultureInfo.InvariantCulture, $"""
                    SET LOCAL statement_timeout = {(int)(options.StatementTimeoutSeconds * 1_000)};
                    SET LOCAL lock_timeout = {(int)(options.LockTimeoutSeconds * 1_000)};
                    SET LOCAL jit = off;
                    SET LOCAL synchronize_seqscans = off;
                    SET LOCAL timezone = 'UTC';
                    SELECT pg_advisory_xact_lock({LockKey})
                    """),
                cancellationToken);
            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task<AlternatingRuns.Outcome> MeasureAsync(bool ordered, CancellationToken cancellationToken, params QueryForm[] forms) =>
        _runs.RunAsync(forms, ordered, rowsMax: null, cancellationToken);

    /// <summary>Statements of our own.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Statements of our own, and how long they took.</summary>
    public async Task<TimeSpan> TimedAsync(string sql, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        await ExecuteAsync(sql, cancellationToken);
        return _time.GetElapsedTime(started);
    }

    /// <summary>The rows of a query of our own.</summary>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The only row, or null.</summary>
    public async Task<T?> FindAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class =>
        (await QueryAsync(sql, read, cancellationToken)).FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        // Disposing an open transaction rolls it back; a broken connection has done so by itself.
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
