using Reco.Adapters.Kafka;
using Reco.Silo.Health;
using Reco.Silo.Options;

namespace Reco.Silo.Hosting;

/// <summary>Which event log the system runs on: the journal, or Kafka when its brokers are configured. State and catalogue stay embedded.</summary>
internal static class EventLogChoice
{
    /// <summary>To be called after the embedded storage is registered, whose event log and dead letters it replaces.</summary>
    public static void AddKafkaWhenConfigured(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(KafkaOptions.Section);
        if (string.IsNullOrWhiteSpace(section[nameof(KafkaOptions.BootstrapServers)]))
        {
            return;
        }

        services.AddKafkaEventLog(section.BindStrictly);
        services.AddOptionsSection<KafkaOptions>(KafkaOptions.Section);
        services.AddHealthChecks().AddCheck<KafkaHealthCheck>("kafka");
    }
}
