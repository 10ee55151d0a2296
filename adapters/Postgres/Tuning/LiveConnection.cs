using Npgsql;

namespace Reco.Adapters.Postgres.Tuning;

/// <summary>
/// A connection that answers. The pool may hold one whose server has been restarted since: it is found out with a question that costs
/// nothing to repeat, and all of its age go.
/// </summary>
internal static class LiveConnection
{
    public static async Task<NpgsqlConnection> OpenLiveAsync(this NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAskedAsync(source, cancellationToken);
        }
        catch (NpgsqlException stale) when (stale is not PostgresException told || told.SqlState.StartsWith("57P", StringComparison.Ordinal))
        {
            source.Clear();
            return await OpenAskedAsync(source, cancellationToken);
        }
    }

    private static async Task<NpgsqlConnection> OpenAskedAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var question = new NpgsqlCommand("SELECT 1", connection);
            await question.ExecuteScalarAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
