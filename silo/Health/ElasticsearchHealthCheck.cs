using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Silo.Searching;

namespace Reco.Silo.Health;

/// <summary>An Elasticsearch that is away is said, but the silo keeps its traffic: the embedded index answers.</summary>
internal sealed class ElasticsearchHealthCheck(FallbackSearch search) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(search.Problem is { } problem
            ? HealthCheckResult.Degraded($"searches are answered by the embedded index: {problem}")
            : HealthCheckResult.Healthy("searches are answered by it"));
}
