using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Core.Ports;

namespace Reco.Silo.Health;

/// <summary>Ready when the catalogue is loaded; an empty one is a shop that has not been filled yet, and says so.</summary>
internal sealed class CatalogueHealthCheck(ICatalogue catalogue) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(catalogue.Products.Count > 0
            ? HealthCheckResult.Healthy($"{catalogue.Products.Count} products")
            : HealthCheckResult.Degraded("the catalogue is empty: PUT /admin/products"));
}
