using System.Runtime.CompilerServices;
using Npgsql;

namespace Reco.Silo.Doctor;

/// <summary>The grain states that a cluster keeps in PostgreSQL.</summary>
internal static class PostgresStates
{
    public static async IAsyncEnumerable<StoredState> ReadAsync(
        string connectionString, string serviceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT key, value FROM reco_grain_state WHERE starts_with(key, $1)", connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter { Value = serviceId + "/" });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return StoredState.Of(rows.GetString(0)[(serviceId.Length + 1)..], rows.GetFieldValue<byte[]>(1));
        }
    }
}
