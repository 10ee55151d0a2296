using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Reco.Workload.Traffic;

/// <summary>Registers the generator's options.</summary>
public static class TrafficRegistration
{
    /// <summary>Binds <see cref="TrafficOptions"/> to section "Generator"; a wrong value or an unknown key stops the start.</summary>
    public static IServiceCollection AddTrafficOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<TrafficOptions>, TrafficOptionsValidator>();
        services.AddOptions<TrafficOptions>()
            .Bind(configuration.GetSection(TrafficOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        return services;
    }
}
