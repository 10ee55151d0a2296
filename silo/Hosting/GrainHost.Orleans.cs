using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;

namespace Reco.Silo.Hosting;

/// <summary>The grains in a Microsoft Orleans silo (RecoHost=Orleans).</summary>
internal static class GrainHost
{
    public const string Name = "orleans";

    public static void AddGrainHost(this WebApplicationBuilder builder) =>
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                GrainStorageNames.Grains, (services, _) => new StateStoreGrainStorage(services.GetRequiredService<IStateStore>()));
        });
}
