using System.Reflection;
using Npgsql;

namespace Reco.Silo.Cluster.Tables;

/// <summary>
/// The tables and statements that Orleans' ADO.NET providers expect in PostgreSQL: it reads its statements by key from the table
/// OrleansQuery, and relies on the names of their parameters and columns
/// (https://learn.microsoft.com/dotnet/orleans/host/configuration-guide/adonet-configuration).
/// </summary>
public static class OrleansTables
{
    /// <summary>Of our own choosing; silos that start at once take turns.</summary>
    private const long AdvisoryLock = 0x7265636F_6F726C;

    /// <summary>The script; it may be run again.</summary>
    public static string Script { get; } = Read();

    /// <summary>Makes or brings up to date what is missing; nothing is lost.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL does not answer, or refuses.</exception>
    public static async Task ApplyAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLock})", connection, transaction))
        {
            await turn.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var script = new NpgsqlCommand(Script, connection, transaction))
        {
            await script.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Reco.Silo.Cluster.Tables.orleans-postgres.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
