using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Silo.Ingest;

namespace Reco.Silo.Health;

/// <summary>Ready when this silo owns partitions and none of them is failing.</summary>
internal sealed class IngestHealthCheck(IngestService ingest) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failures = ingest.Failures;
        return Task.FromResult(
            ingest.Partitions == 0 ? HealthCheckResult.Unhealthy("no partition of the event log is assigned yet")
            : failures.Count > 0 ? HealthCheckResult.Unhealthy(
                "trying again after a failure: " + string.Join("; ", failures.Select(f => $"partition {f.Key}: {f.Value}")))
            : HealthCheckResult.Healthy($"{ingest.Partitions} partitions, lag {ingest.Lag}"));
    }
}
