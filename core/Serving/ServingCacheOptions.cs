using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Serving;

/// <summary>How long what is served is kept, and how the gateway uses it. Section "ServingCache".</summary>
public sealed class ServingCacheOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "ServingCache";

    /// <summary>Time to live of recommendations.</summary>
    [Range(0.01, 10_080)]
    public double RecommendationsMinutes { get; set; } = 60;

    /// <summary>Time to live of a user's statistics.</summary>
    [Range(0.01, 10_080)]
    public double UserStatsMinutes { get; set; } = 5;

    /// <summary>Time to live of rankings and their snapshots.</summary>
    [Range(0.01, 10_080)]
    public double RankingsMinutes { get; set; } = 5;

    /// <summary>
    /// Whether GET /recommendations answers from memory and cache. Without it both are filled all the same.
    /// </summary>
    public bool Answers { get; set; } = true;

    /// <summary>
    /// Oldest recommendations with trending or popular products among them that are answered: those age without any event of the user. Others
    /// depend on the user, the model and the catalogue alone.
    /// </summary>
    [Range(0, 3_600)]
    public double RankedAgeSecondsMax { get; set; } = 10;

    /// <summary>How long a request waits for the cache before it goes on without.</summary>
    [Range(1, 10_000)]
    public double ReadTimeoutMilliseconds { get; set; } = 20;

    /// <summary>
    /// Between two writes of what requests have computed: how much later other programs see it, who computed it knows it at once. Documents that
    /// are written together cost Redis and the gateway less.
    /// </summary>
    [Range(0, 10_000)]
    public double WriteIntervalMilliseconds { get; set; } = 100;

    /// <summary>Documents that wait to be written; the oldest is dropped when another comes (policy: drop the oldest).</summary>
    [Range(1, 1_000_000)]
    public int WriteQueueDocuments { get; set; } = 10_000;

    /// <summary>In a gateway's memory: documents kept; the one that was not used for the longest time goes first (policy: least recently used).</summary>
    [Range(1, 10_000_000)]
    public int MemoryDocuments { get; set; } = 50_000;

    /// <summary>In a gateway's memory: their bytes; the same policy.</summary>
    [Range(65_536, 17_179_869_184)]
    public long MemoryBytes { get; set; } = 64 << 20;

    /// <summary>Time to live of recommendations.</summary>
    public TimeSpan RecommendationsTimeToLive => TimeSpan.FromMinutes(RecommendationsMinutes);

    /// <summary>Time to live of a user's statistics.</summary>
    public TimeSpan UserStatsTimeToLive => TimeSpan.FromMinutes(UserStatsMinutes);

    /// <summary>Time to live of rankings and their snapshots.</summary>
    public TimeSpan RankingsTimeToLive => TimeSpan.FromMinutes(RankingsMinutes);
}
