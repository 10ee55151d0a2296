using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Local;

namespace Orleans.Hosting;

/// <summary>Adds the single-process grain host.</summary>
public static class LocalOrleansServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IGrainFactory"/> and the service that runs the grains of these assemblies. Call it before adding hosted services
    /// that call grains: services start in order and stop in reverse.
    /// </summary>
    public static IServiceCollection AddLocalOrleans(
        this IServiceCollection services, Action<LocalOrleansOptions>? configure = null, params Assembly[] grainAssemblies)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LocalOrleansOptions>()
            .Configure(options =>
            {
                foreach (var assembly in grainAssemblies)
                {
                    options.GrainAssemblies.Add(assembly);
                }

                configure?.Invoke(options);
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton<LocalGrainRuntime>();
        services.TryAddSingleton<IGrainFactory, LocalGrainFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LocalOrleansHostedService>());
        return services;
    }
}
