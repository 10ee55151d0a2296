using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Core.Ports;

namespace Reco.Silo.Health;

/// <summary>Says what is wrong with Redis, and is degraded at most: without it the grains answer.</summary>
internal sealed class RedisHealthCheck(IServingCache cache) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(cache.Problem is { } problem
            ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("connected"));
}
