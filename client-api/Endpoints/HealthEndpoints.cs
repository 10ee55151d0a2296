using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;

namespace Reco.ClientApi.Endpoints;

/// <summary>
/// For load balancers and people. The host registers the checks: one tagged "live" says whether the process must be restarted;
/// all together say whether it should get traffic.
/// </summary>
internal static class HealthEndpoints
{
    public const string LiveTag = "live";

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/health").WithTags("Health");
        group.MapGet("/live", (HealthCheckService health, CancellationToken cancellationToken) =>
                CheckAsync(health, check => check.Tags.Contains(LiveTag), cancellationToken))
            .Describe("Whether the process works; 503 means restart it.", new("/health/live"))
            .Produces<HealthResponse>(StatusCodes.Status200OK)
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable)
            .WithProblems();
        group.MapGet("/ready", (HealthCheckService health, CancellationToken cancellationToken) =>
                CheckAsync(health, _ => true, cancellationToken))
            .Describe("Whether it should get traffic, check by check.", new("/health/ready"))
            .Produces<HealthResponse>(StatusCodes.Status200OK)
            .Produces<HealthResponse>(StatusCodes.Status503ServiceUnavailable)
            .WithProblems();
        return routes;
    }

    private static async Task<JsonHttpResult<HealthResponse>> CheckAsync(
        HealthCheckService health, Func<HealthCheckRegistration, bool> which, CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(which, cancellationToken);
        var body = new HealthResponse
        {
            Status = report.Status,
            Checks = [.. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(Describe)],
        };
        return TypedResults.Json(
            body,
            ApiJson.Default.HealthResponse,
            statusCode: report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static HealthCheckBody Describe(KeyValuePair<string, HealthReportEntry> entry) => new()
    {
        Name = entry.Key,
        Status = entry.Value.Status,
        Detail = entry.Value.Description ?? Sentence(entry.Value.Status),
        Milliseconds = Math.Round(entry.Value.Duration.TotalMilliseconds, 3),
    };

    private static string Sentence(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "Works.",
        HealthStatus.Degraded => "Works, but worse than it should; the log says why.",
        _ => "Does not work; the log says why.",
    };
}
