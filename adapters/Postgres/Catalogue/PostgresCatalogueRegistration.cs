using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Postgres.Schema;
using Reco.Core.Ports;

namespace Reco.Adapters.Postgres.Catalogue;

/// <summary>Switches the catalogue in PostgreSQL on.</summary>
public static class PostgresCatalogueRegistration
{
    /// <summary>
    /// Registers PostgreSQL, what brings its schema up at the start, and the catalogue there as <see cref="ICatalogue"/> in place of another.
    /// It needs an <see cref="ISearchIndex"/>, a <see cref="TimeProvider"/> and logging. To be called before what reads the catalogue is
    /// registered, as hosted services start in that order.
    /// </summary>
    public static IServiceCollection AddPostgresCatalogue(
        this IServiceCollection services, Action<PostgresOptions> configure, Action<CatalogueOptions>? configureSeeds = null)
    {
        services.AddPostgres(configure);
        services.AddOptions<CatalogueOptions>().Configure(configureSeeds ?? (_ => { })).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(provider => new ShopFiller(
            provider.GetRequiredService<NpgsqlDataSource>(),
            provider.GetRequiredService<IOptions<CatalogueOptions>>(),
            provider.GetService<ILogger<ShopFiller>>()));
        services.TryAddSingleton<PostgresStartup>();
        services.TryAddSingleton<PostgresCatalogue>();
        services.TryAddSingleton<CatalogueFollower>();
        services.Replace(ServiceDescriptor.Singleton<ICatalogue>(provider => provider.GetRequiredService<PostgresCatalogue>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PostgresStartup>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CatalogueFollower>());
        return services;
    }
}
