using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Kafka;
using Reco.Adapters.Redis;
using Reco.Silo.Ingest;

namespace Reco.Silo.Cluster.Charters;

/// <summary>This silo's charter, from its settings and from what the places say of themselves.</summary>
internal sealed class OwnCharter(
    IConfiguration configuration,
    ClusterChoice choice,
    KafkaEventLog log,
    IOptions<KafkaOptions> kafka,
    IOptions<IngestOptions> ingest,
    IOptions<ClusterOptions> cluster,
    IStateMark? mark = null)
{
    /// <summary>Brokers that do not answer in this time are compared by their addresses: the silo is to start without them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<ClusterCharter> DrawUpAsync(CancellationToken cancellationToken) => new(
    [
        new("Kafka", $"Kafka at {kafka.Value.BootstrapServers}", await log.Connection.ClusterIdAsync(Patience, cancellationToken)),
        new("Kafka:Topic", $"topic {kafka.Value.Topic}"),
        new("Ingest:Group", $"consumer group {ingest.Value.Group}"),
        new("Cluster:ServiceId", $"Cluster:ServiceId {cluster.Value.ServiceId}"),
        new("Cluster:Storage", $"grain state in {StateOf(choice, configuration)}", mark is null ? null : await mark.ReadOrMakeAsync(cancellationToken)),
    ]);

    /// <summary>Where the grain state is, without passwords.</summary>
    internal static string StateOf(ClusterChoice choice, IConfiguration configuration)
    {
        switch (choice.Storage)
        {
            case ClusterStorage.Redis:
                var database = configuration[$"{RedisOptions.Section}:{nameof(RedisOptions.Database)}"] ?? "0";
                return $"Redis at {choice.Redis}, database {database}";
            case ClusterStorage.Postgres:
                var parts = new NpgsqlConnectionStringBuilder(choice.Postgres);
                return $"PostgreSQL at {parts.Host}:{parts.Port}/{parts.Database}";
            default:
                return "the silos' memory";
        }
    }
}
