using System.Globalization;
using Npgsql;
using Orleans.Storage;
using Reco.Grains.State;

namespace Reco.Silo.Cluster;

/// <summary>
/// Grain state in PostgreSQL, by the whole text of the grain's id (see orleans-postgres.sql for why not Orleans' own provider). A write must
/// know the version before it: of two activations of one grain, as a split cluster may have, the second to write is refused.
/// </summary>
internal sealed class PostgresGrainStorage(string connectionString, string serviceId) : IGrainStorage, IAsyncDisposable
{
    private const string ReadSql = "SELECT value, version FROM reco_grain_state WHERE key = $1";
    private const string InsertSql = "INSERT INTO reco_grain_state (key, value, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING RETURNING version";
    private const string UpdateSql = "UPDATE reco_grain_state SET value = $2, version = version + 1 WHERE key = $1 AND version = $3 RETURNING version";
    private const string DeleteSql = "DELETE FROM reco_grain_state WHERE key = $1 AND version = $2 RETURNING version";

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "reco-grains", MaxAutoPrepare = 8, AutoPrepareMinUsages = 2 });

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var command = Command(ReadSql, KeyOf(stateName, grainId));
        await using var rows = await command.ExecuteReaderAsync();
        grainState.RecordExists = await rows.ReadAsync();
        if (!grainState.RecordExists)
        {
            grainState.ETag = null;
            return;
        }

        grainState.State = StateJson.Read<T>(rows.GetFieldValue<byte[]>(0), $"the stored state of {grainId}");
        grainState.ETag = rows.GetInt64(1).ToString(CultureInfo.InvariantCulture);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (key, json) = (KeyOf(stateName, grainId), StateJson.Write(grainState.State));
        await using var command = VersionOf(grainState) is { } version ? Command(UpdateSql, key, json, version) : Command(InsertSql, key, json);
        grainState.ETag = await WrittenAsync(command, grainId, grainState.ETag);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (VersionOf(grainState) is { } version)
        {
            await using var command = Command(DeleteSql, KeyOf(stateName, grainId), version);
            await WrittenAsync(command, grainId, grainState.ETag);
        }

        (grainState.RecordExists, grainState.ETag, grainState.State) = (false, null, Activator.CreateInstance<T>());
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task<string> WrittenAsync(NpgsqlCommand command, GrainId grainId, string? known) =>
        await command.ExecuteScalarAsync() is long version
            ? version.ToString(CultureInfo.InvariantCulture)
            : throw new InconsistentStateException($"another activation of {grainId} has written its state", "unknown", known ?? "none");

    private static long? VersionOf<T>(IGrainState<T> state) => state.ETag is { } etag ? long.Parse(etag, CultureInfo.InvariantCulture) : null;

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private string KeyOf(string stateName, GrainId grainId) => $"{serviceId}/{grainId}/{stateName}";
}
