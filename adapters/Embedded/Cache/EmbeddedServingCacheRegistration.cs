using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Core.Serving;

namespace Reco.Adapters.Embedded.Cache;

/// <summary>Adds the serving cache in memory to a host.</summary>
public static class EmbeddedServingCacheRegistration
{
    /// <summary>As itself, and as <see cref="IServingCache"/> unless there is one already. The host binds <see cref="ServingCacheOptions"/>.</summary>
    public static IServiceCollection AddEmbeddedServingCache(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new EmbeddedServingCache(
            provider.GetRequiredService<IOptions<ServingCacheOptions>>().Value, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.TryAddSingleton<IServingCache>(provider => provider.GetRequiredService<EmbeddedServingCache>());
        return services;
    }
}
