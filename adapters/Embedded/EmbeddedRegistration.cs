using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded;

/// <summary>Adds the embedded storage to a host.</summary>
public static class EmbeddedRegistration
{
    /// <summary>
    /// Registers the three ports on a data folder that is opened when the first of them is asked for, and closed with the host's
    /// container (which has to be disposed asynchronously, as hosts do). Takes the container's <see cref="TimeProvider"/>, loggers
    /// and meters if there are any.
    /// </summary>
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        services.AddOptions<EmbeddedOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddedOptions>, EmbeddedOptionsValidator>());
        services.TryAddSingleton(provider => EmbeddedStorage.Open(
            provider.GetRequiredService<IOptions<EmbeddedOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            provider.GetService<IMeterFactory>()));
        services.TryAddSingleton<IEventLog>(provider => provider.GetRequiredService<EmbeddedStorage>().EventLog);
        services.TryAddSingleton<IStateStore>(provider => provider.GetRequiredService<EmbeddedStorage>().State);
        services.TryAddSingleton<IDeadLetterLog>(provider => provider.GetRequiredService<EmbeddedStorage>().DeadLetters);
        return services;
    }
}
