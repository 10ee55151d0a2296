using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Reco.Adapters.Embedded;
using Reco.Adapters.Embedded.Search;
using Reco.ClientApi;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Hosting;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.Core.Training;
using Reco.Core.Trending;
using Reco.Core.Windows;
using Reco.GrainInterfaces;
using Reco.Grains.Model;
using Reco.Grains.Recommending;
using Reco.Silo.Generator;
using Reco.Silo.Health;
using Reco.Silo.Ingest;
using Reco.Silo.Logging;
using Reco.Silo.Model;
using Reco.Silo.Options;
using Reco.Silo.Orders;
using Reco.Silo.Telemetry;
using Reco.Workload.Traffic;

namespace Reco.Silo.Hosting;

/// <summary>Registers the whole system. Hosted services start in the order they stand here and stop in the reverse.</summary>
internal static class RecoServices
{
    public static void AddReco(this WebApplicationBuilder builder, RecoRole role)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.LimitForRecoApi());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Services.AddHostedService<EffectiveOptionsLog>();
        builder.Services.AddStorage(role, builder.Configuration);
        if (role == RecoRole.Silo)
        {
            builder.Services.AddCore();
            builder.AddGrainHost();
            builder.Services.AddServingFill(builder.Configuration);
            builder.Services.AddHostedService<ModelPuller>();
            builder.Services.AddIngest();
            builder.Services.AddOrderSinkWhenConfigured(builder.Configuration);
            builder.Services.AddPopularQueries();
            builder.Services.AddGenerator(builder.Configuration);
            builder.Services.AddHostedService<ConsoleSummary>();
        }
        else
        {
            builder.AddGrainClient();
        }

        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddRecoApi(builder.Configuration);
        builder.Services.AddOptionsSection<ApiOptions>(ApiOptions.Section);
        builder.Services.AddOptionsSection<AdminOptions>(AdminOptions.Section);
    }

    private static void AddStorage(this IServiceCollection services, RecoRole role, IConfiguration configuration)
    {
        services.AddEmbeddedStorage(configuration.GetSection(EmbeddedSection).BindStrictly);
        services.AddEmbeddedSearch();
        services.AddOptionsSection<EmbeddedOptions>(EmbeddedSection);
        services.AddCatalogue(configuration);
        services.AddKafkaWhenConfigured(configuration);
        services.AddServingCache(role, configuration);
        services.AddElasticsearchWhenConfigured(role, configuration);
    }

    /// <summary>The pure parts, and what all grains of the silo share.</summary>
    private static void AddCore(this IServiceCollection services)
    {
        services.AddRecoOptions<WindowOptions>("Windows");
        services.AddRecoOptions<TrendingOptions>("Trending");
        services.AddRecoOptions<PopularityOptions>("Popularity");
        services.AddRecoOptions<HistoryOptions>("History");
        services.AddRecoOptions<TrainingOptions>("Training");
        services.AddSingleton(provider => new ProfileRules(
            provider.GetRequiredService<IOptions<WindowOptions>>().Value,
            provider.GetRequiredService<IOptions<TrendingOptions>>().Value,
            provider.GetRequiredService<IOptions<PopularityOptions>>().Value,
            provider.GetRequiredService<IOptions<HistoryOptions>>().Value,
            EventTypes.Count));
        services.AddSingleton<StreamClock>();
        services.AddSingleton<IStreamClock>(provider => provider.GetRequiredService<StreamClock>());
        services.AddSingleton<ModelHolder>();
        services.AddSingleton<Recommender>();
        services.AddSingleton<RecommendationService>();
    }

    private static void AddIngest(this IServiceCollection services)
    {
        services.AddRecoOptions<IngestOptions>(IngestOptions.Section);
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<Checkpointer>();
        services.AddSingleton<IngestService>();
        services.AddHostedService(provider => provider.GetRequiredService<IngestService>());
        services.AddHealthChecks().AddCheck<IngestHealthCheck>("ingest");
    }

    private static void AddGenerator(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddTrafficOptions(configuration);
        services.AddOptionsSection<TrafficOptions>(TrafficOptions.Section);
        services.AddRecoOptions<BackfillOptions>(BackfillOptions.Section);
        services.AddSingleton<GeneratorService>();
        services.AddHostedService(provider => provider.GetRequiredService<GeneratorService>());
    }

    private static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRecoOptions<OtlpOptions>(OtlpOptions.Section);
        if (OtlpOptions.IsExported(configuration))
        {
            services.AddHostedService<OtlpExport>();
        }
    }

    private const string EmbeddedSection = "Embedded";
}
