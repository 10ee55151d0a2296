using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Embedded.Search;
using Reco.Adapters.Postgres.Feed;
using Reco.Core.Ports;
using Reco.Silo.Etl;
using Reco.Silo.Health;
using Reco.Silo.Options;
using Reco.Silo.Searching;
using Reco.Workload.Etl;

namespace Reco.Silo.Hosting;

/// <summary>Where products are searched: in the embedded index, or in Elasticsearch when its address is configured, with the embedded one behind it.</summary>
internal static class SearchChoice
{
    /// <summary>To be called after the embedded search is registered, which it falls back to, and after the catalogue.</summary>
    public static void AddElasticsearchWhenConfigured(this IServiceCollection services, RecoRole role, IConfiguration configuration)
    {
        var section = configuration.GetSection(ElasticsearchOptions.Section);
        if (string.IsNullOrWhiteSpace(section[nameof(ElasticsearchOptions.Url)]))
        {
            return;
        }

        services.AddElasticsearch(section.BindStrictly);
        services.AddOptionsSection<ElasticsearchOptions>(ElasticsearchOptions.Section);
        var filling = CatalogueChoice.IsPostgresConfigured(configuration) ? SearchFilling.ByEtl : SearchFilling.ByCatalogue;
        services.AddSingleton(provider => new FallbackSearch(
            provider.GetRequiredService<EmbeddedSearchIndex>(),
            provider.GetRequiredService<ElasticsearchSearchIndex>(),
            filling,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<FallbackSearch>>()));
        services.Replace(ServiceDescriptor.Singleton<ISearchIndex>(provider => provider.GetRequiredService<FallbackSearch>()));
        services.AddHealthChecks().AddCheck<ElasticsearchHealthCheck>("elasticsearch");
        if (role == RecoRole.Gateway)
        {
            return;
        }

        if (filling == SearchFilling.ByCatalogue)
        {
            services.AddHostedService<SearchFiller>();
            return;
        }

        services.AddRecoOptions<EtlOptions>(EtlOptions.Section);
        services.AddSingleton(provider => new ShopFeed(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton(provider => new ProductEtl(
            provider.GetRequiredService<ShopFeed>(),
            provider.GetRequiredService<ISearchIndexBuilder>(),
            provider.GetRequiredService<IOptions<EtlOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ProductEtl>>()));
        services.AddSingleton<OrdersEtl>();
        services.AddHostedService<EtlService>();
    }

    /// <summary>What shoppers search for, counted from the log.</summary>
    public static void AddPopularQueries(this IServiceCollection services)
    {
        services.AddRecoOptions<PopularQueriesOptions>(PopularQueriesOptions.Section);
        services.AddHostedService<PopularQueriesService>();
    }
}
