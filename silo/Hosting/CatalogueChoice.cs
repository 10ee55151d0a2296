using Reco.Adapters.Embedded.Catalogue;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Catalogue;
using Reco.Adapters.Postgres.Tuning;
using Reco.Silo.Health;
using Reco.Silo.Options;

namespace Reco.Silo.Hosting;

/// <summary>Where the catalogue is: embedded, or in PostgreSQL when there is a connection string, which brings the query-tuning laboratory too. The search index follows either.</summary>
internal static class CatalogueChoice
{
    private const string CatalogueSection = "Catalogue";

    public static void AddCatalogue(this IServiceCollection services, IConfiguration configuration)
    {
        var seeds = configuration.GetSection(CatalogueSection);
        services.AddOptionsSection<CatalogueOptions>(CatalogueSection);
        services.AddHealthChecks().AddCheck<CatalogueHealthCheck>("catalogue");
        if (!IsPostgresConfigured(configuration))
        {
            services.AddEmbeddedCatalogue(seeds.BindStrictly);
            return;
        }

        services.AddPostgresCatalogue(options => Bind(configuration, options), seeds.BindStrictly);
        services.AddOptionsSection<PostgresOptions>(PostgresOptions.Section);
        services.AddHealthChecks().AddCheck<PostgresHealthCheck>("postgres");
        services.AddTuningLab(configuration.GetSection(TuningOptions.Section).BindStrictly);
        services.AddOptionsSection<TuningOptions>(TuningOptions.Section);
    }

    /// <summary>Whether <c>ConnectionStrings:Postgres</c> says where PostgreSQL is.</summary>
    public static bool IsPostgresConfigured(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetConnectionString(PostgresOptions.ConnectionStringName));

    private static void Bind(IConfiguration configuration, PostgresOptions options)
    {
        configuration.GetSection(PostgresOptions.Section).BindStrictly(options);
        options.ConnectionString = configuration.GetConnectionString(PostgresOptions.ConnectionStringName)!;
    }
}
