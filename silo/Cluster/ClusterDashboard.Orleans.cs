using Orleans.Dashboard;
using Reco.ClientApi.Admin;

namespace Reco.Silo.Cluster;

/// <summary>The Orleans dashboard: silos, grains, calls.</summary>
internal static class ClusterDashboard
{
    private const string Path = "/orleans";

    public static void MapClusterDashboard(this WebApplication app)
    {
        app.UseAdminGate(Path);
        app.MapOrleansDashboard(Path);
    }
}
