using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>One shopper: statistics, bounded history, and recommendations from it. The key is the user id.</summary>
[Alias("reco.IUserGrain")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Applies the events that the state does not include yet.</summary>
    [Alias("Apply")]
    Task<ApplyOutcome> ApplyAsync(UserSlice slice);

    /// <summary>
    /// Makes the state durable and answers whether it includes <paramref name="expectedOffset"/> of
    /// <paramref name="partition"/>. False means memory was lost: the caller rewinds the partition.
    /// </summary>
    [Alias("Flush")]
    Task<bool> FlushAsync(int partition, long expectedOffset);

    /// <summary>Totals and window of this user; null when the user has never been seen.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetStats")]
    Task<UserStats?> GetStatsAsync();

    /// <summary>Recommendations from the current model; trending and popular products where history says nothing.</summary>
    [Repeatable, AlwaysInterleave, Alias("Recommend")]
    Task<RecommendationAnswer> RecommendAsync(RecommendationQuery query);
}
