using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Search;

/// <summary>Switches the embedded search on.</summary>
public static class EmbeddedSearchRegistration
{
    /// <summary>Adds the in-process index as <see cref="ISearchIndex"/>, unless there is one already.</summary>
    public static IServiceCollection AddEmbeddedSearch(this IServiceCollection services)
    {
        services.TryAddSingleton<EmbeddedSearchIndex>();
        services.TryAddSingleton<ISearchIndex>(provider => provider.GetRequiredService<EmbeddedSearchIndex>());
        return services;
    }
}
