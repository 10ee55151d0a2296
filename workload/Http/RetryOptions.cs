using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Http;

/// <summary>How long to try again what failed for the moment.</summary>
public sealed record RetryOptions
{
    /// <summary>Before the second attempt; doubles each time.</summary>
    [Range(1, 60_000)]
    public int FirstDelayMs { get; init; } = 100;

    /// <summary>Longest wait between two attempts, unless the server asks for longer.</summary>
    [Range(1, 600_000)]
    public int DelayMsMax { get; init; } = 5_000;

    /// <summary>One request may fail for this long before it is given up; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A single attempt may take this long.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Decides the jitter.</summary>
    public ulong Seed { get; init; } = 1;
}
