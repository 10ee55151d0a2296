using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;

namespace Reco.Silo.Hosting;

/// <summary>The grains in the single-process host (RecoHost=Local, the default).</summary>
internal static class GrainHost
{
    public const string Name = "local";

    public static void AddGrainHost(this WebApplicationBuilder builder)
    {
        builder.Services.AddLocalOrleans(configure: null, typeof(EncodedState).Assembly);
        builder.Services.AddKeyedSingleton<IGrainStorage>(
            GrainStorageNames.Grains, (services, _) => new StateStoreGrainStorage(services.GetRequiredService<IStateStore>()));
    }
}
