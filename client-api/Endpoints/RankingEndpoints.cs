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

/// <summary>What the whole shop likes.</summary>
internal static class RankingEndpoints
{
    public static IEndpointRouteBuilder MapRankings(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Rankings");
        group.MapGet("/trending", Top(TopKind.Trending))
            .Describe("Products that get more attention now than they usually do.", new("/trending?limit=10"))
            .WithQuery(CommonFields.Limit, CommonFields.Category)
            .WithProblems(StatusCodes.Status400BadRequest);
        group.MapGet("/popular-products", Top(TopKind.Popular))
            .Describe("Products with the most attention over a longer time.", new("/popular-products?limit=10"))
            .WithQuery(CommonFields.Limit, CommonFields.Category)
            .WithProblems(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static Func<HttpRequest, IGrainFactory, TimeProvider, CancellationToken, Task<Results<Ok<RankingResponse>, ProblemResult>>> Top(
        TopKind kind) =>
        (request, grains, time, cancellationToken) => TopAsync(kind, request, grains, time, cancellationToken);

    private static async Task<Results<Ok<RankingResponse>, ProblemResult>> TopAsync(
        TopKind kind, HttpRequest request, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var query = new TopQuery
        {
            Kind = kind,
            Limit = fields.Read(CommonFields.Limit),
            Category = fields.Read(CommonFields.Category),
        };
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        var top = await grains.GetGrain<ITrendingGrain>(0).GetTopAsync(query).WaitAsync(cancellationToken);
        return TypedResults.Ok(new RankingResponse
        {
            GeneratedAt = time.GetUtcNow(),
            Category = query.Category,
            Items = Array.ConvertAll(top, RankedItem.From),
        });
    }
}
