using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reco.ClientApi.Contracts;

/// <summary>Health, check by check.</summary>
public sealed record HealthResponse
{
    public required HealthStatus Status { get; init; }

    public required IReadOnlyList<HealthCheckBody> Checks { get; init; }
}

/// <summary>One check.</summary>
public sealed record HealthCheckBody
{
    public required string Name { get; init; }

    public required HealthStatus Status { get; init; }

    /// <summary>A sentence about it.</summary>
    public required string Detail { get; init; }

    public required double Milliseconds { get; init; }
}
