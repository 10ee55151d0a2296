using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.Silo.Orders;

namespace Reco.Silo.Health;

/// <summary>Never unhealthy: orders that are late keep nobody from recommendations, and the log holds them.</summary>
internal sealed class OrdersHealthCheck(OrderSink orders) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failures = orders.Failures;
        return Task.FromResult(
            orders.GroupFailure is { } failure ? HealthCheckResult.Degraded(failure)
            : failures.Count > 0 ? HealthCheckResult.Degraded(
                $"orders wait, {orders.Lag} records behind: " + string.Join("; ", failures.GroupBy(f => f.Value, f => f.Key).Select(
                    f => $"partitions {string.Join(',', f.Order())}: {f.Key}")))
            : HealthCheckResult.Healthy($"{orders.Partitions} partitions, {orders.Lag} records behind"));
    }
}
