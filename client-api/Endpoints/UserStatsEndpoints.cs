using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>A user in numbers.</summary>
internal static class UserStatsEndpoints
{
    public static IEndpointRouteBuilder MapUserStats(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/user-stats/{user}", GetAsync)
            .WithTags("Users")
            .Describe("What this user did: ever, and in the sliding window.", new("/user-stats/user-1"))
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        return routes;
    }

    private static async Task<Results<Ok<UserStatsResponse>, ProblemResult>> GetAsync(
        string user, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var userId = Id.Read("user", user, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var stats = await grains.GetGrain<IUserGrain>(userId).GetStatsAsync().WaitAsync(cancellationToken);
        return stats is null
            ? Problem.NotFound("No event has named this user yet. Check the id, or send events to POST /events.")
            : TypedResults.Ok(UserStatsResponse.From(stats));
    }
}
