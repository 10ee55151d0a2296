using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Kafka.DeadLetters;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka;

/// <summary>Adds the event log in Kafka to a host.</summary>
public static class KafkaRegistration
{
    /// <summary>
    /// Registers the event log and the dead letters on Kafka, instead of others that were registered before. The brokers need not be there
    /// at the start: <see cref="KafkaEventLog.Connection"/> says what is wrong.
    /// </summary>
    public static IServiceCollection AddKafkaEventLog(this IServiceCollection services, Action<KafkaOptions> configure)
    {
        services.AddOptions<KafkaOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>());
        services.TryAddSingleton(provider => new KafkaMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => new KafkaEventLog(
            provider.GetRequiredService<IOptions<KafkaOptions>>().Value,
            provider.GetRequiredService<KafkaMetrics>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            LoggerFor<KafkaEventLog>(provider)));
        services.TryAddSingleton(provider => new KafkaDeadLetterLog(
            provider.GetRequiredService<IOptions<KafkaOptions>>().Value,
            provider.GetRequiredService<KafkaEventLog>().Connection,
            provider.GetRequiredService<KafkaMetrics>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            LoggerFor<KafkaDeadLetterLog>(provider)));
        services.Replace(ServiceDescriptor.Singleton<IEventLog>(provider => provider.GetRequiredService<KafkaEventLog>()));
        services.Replace(ServiceDescriptor.Singleton<IDeadLetterLog>(provider => provider.GetRequiredService<KafkaDeadLetterLog>()));
        return services;
    }

    private static ILogger LoggerFor<T>(IServiceProvider provider) =>
        (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<T>();
}
