using System.Net;
using System.Net.Sockets;
using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;

namespace Reco.Silo.Hosting;

/// <summary>The grains in a Microsoft Orleans silo (RecoHost=Orleans).</summary>
internal static class GrainHost
{
    public const string Name = "orleans";

    public static void AddGrainHost(this WebApplicationBuilder builder) =>
        builder.UseOrleans(silo =>
        {
            // This silo is the whole cluster and its clients run inside it: nobody has to know a port, and there is no gateway. Orleans'
            // listeners share a port that is taken (SO_REUSEPORT), so on its default ones two systems on one machine would answer for each other.
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                GrainStorageNames.Grains, (services, _) => new StateStoreGrainStorage(services.GetRequiredService<IStateStore>()));
        });

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
