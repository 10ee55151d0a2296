using Microsoft.Extensions.Options;
using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;
using Reco.Silo.Cluster;
using Reco.Silo.Doctor;
using Reco.Silo.Options;

namespace Reco.Silo.Hosting;

/// <summary>The grains in the single-process host (RecoHost=Local, the default).</summary>
internal static class GrainHost
{
    public const string Name = "local";

    private const string NeedsOrleans =
        "This build runs the grains in one process. For a cluster build with RecoHost=Orleans: RECO_HOST=Orleans ./reco ... (docs/cluster.md).";

    public static void AddGrainHost(this WebApplicationBuilder builder)
    {
        var options = new ClusterOptions();
        builder.Configuration.GetSection(ClusterOptions.Section).BindStrictly(options);
        if (options.Membership is not (null or ClusterMembership.Localhost) || options.Storage is not (null or ClusterStorage.Embedded))
        {
            throw NotHere();
        }

        builder.Services.AddLocalOrleans(configure: null, typeof(EncodedState).Assembly);
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            GrainStorageNames.Grains, (services, _) => new StateStoreGrainStorage(services.GetRequiredService<IStateStore>()));
    }

    /// <exception cref="OptionsValidationException">Always: there is nothing to be a client of.</exception>
    public static void AddGrainClient(this WebApplicationBuilder builder) => throw NotHere();

    public static void MapGrainHost(this WebApplication app)
    {
        // The dashboard is Orleans'.
    }

    /// <exception cref="OptionsValidationException">Always: this build keeps no grain state there.</exception>
    public static IAsyncEnumerable<StoredState> RedisStates(IConfiguration configuration, string serviceId, CancellationToken cancellationToken) => throw NotHere();

    public static bool IsStorageFailure(Exception failure) => false;

    private static OptionsValidationException NotHere() => new(ClusterOptions.Section, typeof(ClusterOptions), [NeedsOrleans]);
}
