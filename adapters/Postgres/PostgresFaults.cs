using System.Net.Sockets;
using Npgsql;

namespace Reco.Adapters.Postgres;

/// <summary>What can be wrong with a database that is expected to get well again.</summary>
public static class PostgresFaults
{
    /// <summary>Whether trying again later makes sense: the server is away, overloaded, or refuses. Anything else is a bug of ours.</summary>
    public static bool IsOfTheServer(Exception failure) =>
        failure is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>What to say about it, and what to do.</summary>
    public static string Describe(Exception failure, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(failure);

        // Class 57P is a server that stops, was killed, or still starts: away, though it found the time to say so.
        return failure is PostgresException refused && !refused.SqlState.StartsWith("57P", StringComparison.Ordinal)
            ? $"PostgreSQL at {PlaceOf(connectionString)} refuses ({refused.SqlState}: {refused.MessageText}); check ConnectionStrings:Postgres and the server's log"
            : $"PostgreSQL at {PlaceOf(connectionString)} does not answer ({Innermost(failure).Message}); start it, or correct ConnectionStrings:Postgres";
    }

    /// <summary>Host, port and database: all of a connection string that may be shown.</summary>
    private static string PlaceOf(string connectionString)
    {
        var parsed = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parsed.Host}:{parsed.Port}/{parsed.Database}";
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure;
    }
}
