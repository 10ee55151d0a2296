using System.ComponentModel.DataAnnotations;

namespace Reco.Silo.Serving;

/// <summary>How the serving cache in Redis is kept filled. Section "ServingFill".</summary>
public sealed class ServingFillOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "ServingFill";

    /// <summary>How often there is a round: users with new events, a new model, a cache that came back.</summary>
    [Range(0.05, 60)]
    public double IntervalSeconds { get; set; } = 1;

    /// <summary>Users whose documents are computed in a second, at most: at about 0.25 ms each, 200 take 5 % of a core.</summary>
    [Range(1, 100_000)]
    public double UsersPerSecondMax { get; set; } = 200;

    /// <summary>
    /// Part of the time that users may take, waits for a core included: where they take more than 0.25 ms each, there are fewer than
    /// <see cref="UsersPerSecondMax"/>, and on full cores some ten a second. 1 is one caller who asks without a pause.
    /// </summary>
    [Range(0.001, 64)]
    public double TimeShareMax { get; set; } = 0.05;

    /// <summary>
    /// Users computed at one time. Measured with full cores in a cluster: four at a time, and a quarter of the time, make the slowest of a hundred
    /// requests half as slow again.
    /// </summary>
    [Range(1, 64)]
    public int UsersInFlightMax { get; set; } = 1;

    /// <summary>Users that are remembered as active; others wait for their next event after some have left the window (policy: newcomers wait).</summary>
    [Range(1, 10_000_000)]
    public int ActiveUsersMax { get; set; } = 100_000;

    /// <summary>How often the rankings are written.</summary>
    [Range(0.1, 3_600)]
    public double RankingIntervalSeconds { get; set; } = 5;

    /// <summary>Products of a ranking.</summary>
    [Range(1, 1_000)]
    public int RankingLimit { get; set; } = 100;

    /// <summary>Categories whose rankings are written at one time; the next ones follow at the next time, in turn.</summary>
    [Range(1, 1_000)]
    public int CategoriesPerRound { get; set; } = 20;
}
