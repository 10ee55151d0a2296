using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Reco.ClientApi.Bodies;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.ClientApi.Serving;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>What to show a shopper.</summary>
internal static class RecommendationEndpoints
{
    private const int SessionProductsMax = 100;

    public static IEndpointRouteBuilder MapRecommendations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/recommendations").WithTags("Recommendations");
        group.MapGet("/{user}", ForUserAsync)
            .Describe(
                "Products for this user, best first; trending and popular ones for a user nobody knows yet.",
                new("/recommendations/user-1?limit=10"))
            .WithQuery(CommonFields.Recommendation)
            .WithProblems(StatusCodes.Status400BadRequest);
        group.MapPost("/session", ForSessionAsync)
            .Describe(
                "Products for a visitor without a name, from the ids of 1 to 100 products just looked at, oldest first.",
                new("/recommendations/session", """{"product_ids":["product-1","product-2"],"limit":5}"""))
            .Accepts<SessionRequest>("application/json")
            .WithProblems(
                StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        return routes;
    }

    private static async Task<Results<RecommendationsResult, ProblemResult>> ForUserAsync(
        string user, HttpRequest request, RecommendationReader recommendations, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var query = CommonFields.ReadRecommendationQuery(fields);
        var userId = Id.Read("user", user, fields.Errors);
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        return await recommendations.ReadAsync(userId, query, cancellationToken);
    }

    private static async Task<Results<Ok<RecommendationsResponse>, ProblemResult>> ForSessionAsync(
        HttpRequest request, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await JsonObjectBody.ReadAsync(request, cancellationToken);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var fields = new BodyFields(document.RootElement);
            var query = new SessionQuery
            {
                ProductIds = fields.ReadIds("product_ids", SessionProductsMax),
                Query = CommonFields.ReadRecommendationQuery(fields),
            };
            if (fields.Errors.Any)
            {
                return fields.Errors.ToProblem();
            }

            var answer = await grains.GetGrain<ISessionGrain>(0).RecommendAsync(query).WaitAsync(cancellationToken);
            return TypedResults.Ok(RecommendationsResponse.From(userId: null, answer, time.GetUtcNow()));
        }
    }
}
