using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reco.Silo.Cluster;

/// <summary>Ready when this silo is an active member; says how many there are, and how many grains live here.</summary>
internal sealed class SiloHealthCheck(ISiloStatusOracle silos, IGrainFactory grains, ILocalSiloDetails here) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (silos.CurrentStatus != SiloStatus.Active)
        {
            return HealthCheckResult.Unhealthy($"this silo is {silos.CurrentStatus}");
        }

        var statistics = await grains.GetGrain<IManagementGrain>(0).GetRuntimeStatistics([here.SiloAddress], cancellationToken);
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Count;
        return HealthCheckResult.Healthy($"{active} silos, {statistics[0].ActivationCount} grains here");
    }
}
