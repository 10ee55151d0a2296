using Orleans.Concurrency;
using Reco.Core.Recommending;
using Reco.GrainInterfaces;
using Reco.Grains.Recommending;

namespace Reco.Grains.Sessions;

/// <summary>Recommends from a list of products; keeps nothing, so several may work at once.</summary>
[StatelessWorker]
public sealed class SessionGrain(RecommendationService recommendations) : Grain, ISessionGrain
{
    public Task<RecommendationAnswer> RecommendAsync(SessionQuery query)
    {
        var history = SessionHistory.Of(query.ProductIds, EventTypes.Weight(EventType.View), (int)EventType.View);
        var seen = query.ProductIds.ToHashSet(StringComparer.Ordinal);

        return recommendations.RecommendAsync(GrainFactory, history, id => query.Query.ExcludeSeen && seen.Contains(id), query.Query);
    }
}
