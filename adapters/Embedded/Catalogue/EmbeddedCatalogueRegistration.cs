using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Catalogue;

/// <summary>Switches the embedded catalogue on.</summary>
public static class EmbeddedCatalogueRegistration
{
    /// <summary>
    /// Adds the catalogue as <see cref="ICatalogue"/>, loaded before the host's services start. It needs an <see cref="IStateStore"/>
    /// and an <see cref="ISearchIndex"/>.
    /// </summary>
    public static IServiceCollection AddEmbeddedCatalogue(this IServiceCollection services, Action<CatalogueOptions>? configure = null)
    {
        services.AddOptions<CatalogueOptions>().Configure(configure ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<EmbeddedCatalogue>();
        services.TryAddSingleton<ICatalogue>(provider => provider.GetRequiredService<EmbeddedCatalogue>());
        services.AddHostedService<CatalogueLoader>();
        return services;
    }
}
