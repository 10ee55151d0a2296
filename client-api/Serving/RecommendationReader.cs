using Microsoft.Extensions.Options;
using Orleans;
using Reco.Core.Serving;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Serving;

/// <summary>
/// Answers what is held and still true, and computes the rest. Whether it is true the user's grain says, in the same call that would compute it:
/// the call carries the revision of the held answer, and comes back empty when that is the present one. So a held answer is never older than a
/// computed one would be, and a miss costs no further call.
/// </summary>
internal sealed class RecommendationReader(
    IGrainFactory grains, HeldAnswers held, IOptions<ServingCacheOptions> options, ServingMetrics metrics, TimeProvider time)
{
    /// <summary>The one whose answers are held: other parameters are rare, many, and would each need a key.</summary>
    private static readonly RecommendationQuery Held = new();

    public async Task<RecommendationsResult> ReadAsync(string userId, RecommendationQuery query, CancellationToken cancellationToken)
    {
        var isHeld = query == Held;
        var found = isHeld ? await held.FindAsync(userId, cancellationToken) : new HeldAnswers.Found("parameters");
        var answer = await grains.GetGrain<IUserGrain>(userId)
            .RecommendAsync(found.Revision is null ? query : query with { UnlessRevision = found.Revision })
            .WaitAsync(cancellationToken);
        held.Tried(userId, found, answer.Unchanged);
        if (answer.Unchanged)
        {
            metrics.Answered("hit");
            return new RecommendationsResult(found.Json!.Value, isHit: true);
        }

        metrics.Answered(found.WhyNot);
        var document = ServingDocuments.Recommendations(userId, answer, time.GetUtcNow(), options.Value);
        if (isHeld && answer.Revision is not null)
        {
            // Not for users without events: anybody could fill memory and cache with names.
            held.Keep(document);
        }

        return new RecommendationsResult(document.Json, isHit: false);
    }
}
