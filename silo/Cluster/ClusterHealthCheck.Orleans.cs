using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reco.Silo.Cluster;

/// <summary>A gateway is ready when it has a silo to talk to.</summary>
internal sealed class ClusterHealthCheck(ClusterConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.IsConnected
            ? HealthCheckResult.Healthy("connected to the silos")
            : HealthCheckResult.Unhealthy("no silo is connected: start one with the same Cluster:ClusterId and membership"));
}
