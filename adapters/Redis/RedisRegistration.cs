using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;

namespace Reco.Adapters.Redis;

/// <summary>Adds the serving cache in Redis to a host.</summary>
public static class RedisRegistration
{
    /// <summary>
    /// Registers the serving cache on Redis, instead of another that was registered before. The server need not be there at the start:
    /// <see cref="RedisConnection.Problem"/> says what is wrong.
    /// </summary>
    public static IServiceCollection AddRedisServingCache(this IServiceCollection services, Action<RedisOptions> configure)
    {
        services.AddOptions<RedisOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisOptions>, RedisOptionsValidator>());
        services.TryAddSingleton(provider => new RedisMetrics(provider.GetService<IMeterFactory>()));
        services.TryAddSingleton(provider => new RedisConnection(
            provider.GetRequiredService<IOptions<RedisOptions>>().Value,
            provider.GetRequiredService<RedisMetrics>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            new Random(Environment.ProcessId),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<RedisConnection>()));
        services.TryAddSingleton<RedisServingCache>();
        services.Replace(ServiceDescriptor.Singleton<IServingCache>(provider => provider.GetRequiredService<RedisServingCache>()));
        return services;
    }
}
