using Microsoft.Extensions.Options;

namespace Reco.Silo.Cluster;

/// <summary>The choices that depend on other settings, made.</summary>
internal sealed record ClusterChoice(ClusterMembership Membership, ClusterStorage Storage, string? Redis, string? Postgres)
{
    private const string RedisKey = "Redis:Endpoint";
    private const string KafkaKey = "Kafka:BootstrapServers";
    private const string PostgresKey = "ConnectionStrings:Postgres";

    /// <exception cref="OptionsValidationException">A choice needs a setting that is missing.</exception>
    public static ClusterChoice Of(ClusterOptions options, IConfiguration configuration)
    {
        var redis = NullIfBlank(configuration[RedisKey]);
        var postgres = NullIfBlank(configuration[PostgresKey]);
        var kafka = NullIfBlank(configuration[KafkaKey]);
        var membership = options.Membership ?? (redis is null || kafka is null ? ClusterMembership.Localhost : ClusterMembership.Redis);
        var storage = options.Storage ?? membership switch
        {
            ClusterMembership.Redis => ClusterStorage.Redis,
            ClusterMembership.Postgres => ClusterStorage.Postgres,
            _ => ClusterStorage.Embedded,
        };
        var faults = new List<string>();
        if ((membership == ClusterMembership.Redis || storage == ClusterStorage.Redis) && redis is null)
        {
            faults.Add($"Cluster: Redis is chosen for membership or storage, so {RedisKey} must be set.");
        }

        if ((membership == ClusterMembership.Postgres || storage == ClusterStorage.Postgres) && postgres is null)
        {
            faults.Add($"Cluster: Postgres is chosen for membership or storage, so {PostgresKey} must be set.");
        }

        if (membership != ClusterMembership.Localhost && storage == ClusterStorage.Embedded)
        {
            faults.Add("Cluster:Storage must not be Embedded in a cluster: a grain that moves would not find its state.");
        }

        if (membership != ClusterMembership.Localhost && kafka is null)
        {
            faults.Add($"Cluster: silos share the event log, so {KafkaKey} must be set.");
        }

        return faults.Count == 0
            ? new ClusterChoice(membership, storage, redis, postgres)
            : throw new OptionsValidationException(ClusterOptions.Section, typeof(ClusterOptions), faults);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
