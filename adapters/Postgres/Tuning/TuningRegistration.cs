using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reco.Adapters.Postgres.Tuning;

/// <summary>Adds the query-tuning laboratory to a host.</summary>
public static class TuningRegistration
{
    /// <summary>Registers <see cref="TuningLab"/>; after <see cref="PostgresRegistration.AddPostgres"/>. Nothing connects before it is used.</summary>
    public static IServiceCollection AddTuningLab(this IServiceCollection services, Action<TuningOptions> configure)
    {
        services.AddOptions<TuningOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TuningOptions>, TuningOptionsValidator>());
        services.TryAddSingleton(provider => new TuningLab(
            provider.GetRequiredService<IOptions<PostgresOptions>>().Value.ConnectionString,
            provider.GetRequiredService<IOptions<TuningOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>()));
        return services;
    }
}
