using System.Collections.Concurrent;
using Reco.GrainInterfaces;

namespace Reco.Grains.Recommending;

/// <summary>
/// The rankings that answers are filled up from. One grain keeps them all, so each silo asks it about once a second, and not once for every
/// answer: a shop whose model is new fills up nearly all of them.
/// </summary>
internal sealed class SharedRankings(TimeProvider time)
{
    /// <summary>Rankings move with windows of minutes.</summary>
    private static readonly TimeSpan SharedFor = TimeSpan.FromSeconds(1);

    /// <summary>Categories are the caller's words: beyond so many, all are forgotten.</summary>
    private const int RankingsMax = 1_000;

    private readonly ConcurrentDictionary<TopQuery, Asked> _asked = new();

    /// <summary>The ranking, as of a second ago at most.</summary>
    public Task<RankedProduct[]> GetAsync(IGrainFactory grains, TopQuery query)
    {
        if (_asked.TryGetValue(query, out var earlier) && time.GetElapsedTime(earlier.At) < SharedFor && !earlier.Answer.IsFaulted)
        {
            return earlier.Answer;
        }

        if (_asked.Count >= RankingsMax)
        {
            _asked.Clear();
        }

        var asked = new Asked(time.GetTimestamp(), grains.GetGrain<ITrendingGrain>(0).GetTopAsync(query));
        _asked[query] = asked;
        return asked.Answer;
    }

    private sealed record Asked(long At, Task<RankedProduct[]> Answer);
}
