using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Adapters.Postgres.Catalogue;

namespace Reco.Silo.Health;

/// <summary>
/// Not ready before the catalogue was read once. Afterwards a PostgreSQL that is away is said, but the silo keeps its traffic: it serves
/// from what it has.
/// </summary>
internal sealed class PostgresHealthCheck(PostgresCatalogue catalogue, CatalogueFollower follower) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            !catalogue.IsLoaded ? HealthCheckResult.Unhealthy(follower.Problem ?? "the catalogue is being read")
            : follower.Problem is { } problem ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy("the catalogue follows it"));
}
