using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Adapters.Kafka;

namespace Reco.Silo.Health;

/// <summary>Ready when the brokers answer and the topics are as they should be.</summary>
internal sealed class KafkaHealthCheck(KafkaEventLog log) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(log.Connection.Problem is { } problem
            ? HealthCheckResult.Unhealthy(problem)
            : HealthCheckResult.Healthy($"{log.PartitionCount} partitions"));
}
