using Npgsql;

namespace Reco.Silo.Cluster.Charters;

/// <summary>Charters in PostgreSQL: the table reco_cluster_charter.</summary>
internal sealed class PostgresCharterStore(string connectionString, string clusterId) : ICharterStore
{
    private const string WriteSql =
        "INSERT INTO reco_cluster_charter (cluster_id, silo, charter) VALUES ($1, $2, $3) ON CONFLICT (cluster_id, silo) DO UPDATE SET charter = excluded.charter";

    public async Task WriteAsync(string silo, ClusterCharter charter, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresCharters.OpenAsync(connectionString, cancellationToken);
        await using var command = PostgresCharters.Command(connection, WriteSql, clusterId, silo, charter.ToJson());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ClusterCharter>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresCharters.OpenAsync(connectionString, cancellationToken);
        await using var command = PostgresCharters.Command(connection, "SELECT silo, charter FROM reco_cluster_charter WHERE cluster_id = $1", clusterId);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var charters = new Dictionary<string, ClusterCharter>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            charters[rows.GetString(0)] = ClusterCharter.Read(rows.GetString(1));
        }

        return charters;
    }

    public async Task RemoveAsync(IReadOnlyCollection<string> silos, CancellationToken cancellationToken)
    {
        await using var connection = await PostgresCharters.OpenAsync(connectionString, cancellationToken);
        await using var command = PostgresCharters.Command(
            connection, "DELETE FROM reco_cluster_charter WHERE cluster_id = $1 AND silo = ANY ($2)", clusterId, silos.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The mark of grain state in PostgreSQL: the table reco_state_mark.</summary>
internal sealed class PostgresStateMark(string connectionString, string serviceId) : IStateMark
{
    public async Task<string> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgresCharters.OpenAsync(connectionString, cancellationToken);
        await using (var make = PostgresCharters.Command(
            connection, "INSERT INTO reco_state_mark (service_id, mark) VALUES ($1, $2) ON CONFLICT DO NOTHING", serviceId, Guid.NewGuid().ToString("N")))
        {
            await make.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = PostgresCharters.Command(connection, "SELECT mark FROM reco_state_mark WHERE service_id = $1", serviceId);
        return (string)(await read.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>What both do the same.</summary>
internal static class PostgresCharters
{
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
