using Reco.Adapters.Redis;
using Reco.Core.Serving;
using Reco.Silo.Health;
using Reco.Silo.Options;
using Reco.Silo.Serving;

namespace Reco.Silo.Hosting;

/// <summary>
/// Where the serving cache is: in memory, filled by requests alone, as nobody else can read it; or in Redis when its endpoint is configured, and
/// then kept filled by the silos for the programs that do.
/// </summary>
internal static class ServingCacheChoice
{
    public static void AddServingCache(this IServiceCollection services, RecoRole role, IConfiguration configuration)
    {
        services.AddOptionsSection<ServingCacheOptions>(ServingCacheOptions.Section);
        if (role == RecoRole.Silo)
        {
            services.AddRecoOptions<ServingFillOptions>(ServingFillOptions.Section);
        }

        var section = configuration.GetSection(RedisOptions.Section);
        if (string.IsNullOrWhiteSpace(section[nameof(RedisOptions.Endpoint)]))
        {
            return;
        }

        services.AddRedisServingCache(section.BindStrictly);
        services.AddOptionsSection<RedisOptions>(RedisOptions.Section);
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
        if (role == RecoRole.Silo)
        {
            services.AddSingleton<UserActivity>();
        }
    }

    /// <summary>Keeps Redis filled. To be called after the grain host is added: it asks grains as soon as it starts.</summary>
    public static void AddServingFill(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration.GetSection(RedisOptions.Section)[nameof(RedisOptions.Endpoint)]))
        {
            return;
        }

        services.AddSingleton<ServingFillMetrics>();
        services.AddSingleton<ServingFiller>();
        services.AddHostedService<ServingFillService>();
    }
}
