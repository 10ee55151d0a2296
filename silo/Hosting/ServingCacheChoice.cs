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
        if (role == RecoRole.Gateway)
        {
            return;
        }

        services.AddSingleton<UserActivity>();
        services.AddSingleton<ServingFillMetrics>();
        services.AddSingleton<ServingFiller>();
        services.AddHostedService<ServingFillService>();
    }
}
