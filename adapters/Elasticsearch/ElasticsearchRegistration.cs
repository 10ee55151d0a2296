using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Reco.Adapters.Elasticsearch.Http;
using Reco.Core.Ports;

namespace Reco.Adapters.Elasticsearch;

/// <summary>Adds search in Elasticsearch to a host.</summary>
public static class ElasticsearchRegistration
{
    /// <summary>
    /// Registers <see cref="ElasticsearchSearchIndex"/> and <see cref="ElasticsearchIndexBuilder"/>. It does not register an
    /// <see cref="ISearchIndex"/>: whether searches fall back when Elasticsearch is away is the host's to say.
    /// </summary>
    public static IServiceCollection AddElasticsearch(this IServiceCollection services, Action<ElasticsearchOptions> configure)
    {
        services.AddOptions<ElasticsearchOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ElasticsearchOptions>, ElasticsearchOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ElasticsearchClient(
            provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            (provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<ElasticsearchClient>()));
        services.TryAddSingleton<ElasticsearchSearchIndex>();
        services.TryAddSingleton<ElasticsearchIndexBuilder>();
        services.TryAddSingleton<ElasticsearchOrders>();
        services.TryAddSingleton<ISearchIndexBuilder>(provider => provider.GetRequiredService<ElasticsearchIndexBuilder>());
        return services;
    }
}
