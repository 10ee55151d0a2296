using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.ClientApi.Searching;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>Full-text search.</summary>
internal static class SearchEndpoints
{
    private static readonly Words Text = new("q", EventRules.QueryCharactersMax, "Words; without any, every product matches.");

    private static readonly WholeNumber Offset = new("offset", 0, 0, 10_000, "Results to skip.");

    private static readonly Words User = new("user_id", EventRules.IdCharactersMax, "Let this user's taste have a say in the order.");

    public static IEndpointRouteBuilder MapSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/search", SearchAsync)
            .WithTags("Search")
            .Describe("Products by words, category and price, with counts by category, brand and price.", new("/search?q=shoes&limit=10"))
            .WithQuery(Text, CommonFields.Category, CommonFields.MinPrice, CommonFields.MaxPrice, CommonFields.Limit, Offset, User)
            .WithProblems(StatusCodes.Status400BadRequest);
        routes.MapGet("/search/popular", PopularAsync)
            .WithTags("Search")
            .Describe("What shoppers search for most in the present window.", new("/search/popular?limit=10"))
            .WithQuery(CommonFields.Limit)
            .WithProblems(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Results<Ok<SearchResponse>, ProblemResult>> SearchAsync(
        HttpRequest request, ISearchIndex index, PersonalSearch personal, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var (min, max) = fields.ReadRange(CommonFields.MinPrice, CommonFields.MaxPrice);
        var query = new SearchQuery
        {
            Text = fields.Read(Text),
            Category = fields.Read(CommonFields.Category),
            MinPrice = min,
            MaxPrice = max,
            Limit = fields.Read(CommonFields.Limit),
            Offset = fields.Read(Offset),
        };
        var user = fields.Read(User) is { } userId ? Id.Read(User.Name, userId, fields.Errors) : null;
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        var (answer, personalized) = user is null
            ? (await index.SearchAsync(query, cancellationToken), false)
            : await personal.SearchAsync(query, user, cancellationToken);
        return TypedResults.Ok(SearchResponse.From(query, answer, personalized));
    }

    private static async Task<Results<Ok<PopularQueriesResponse>, ProblemResult>> PopularAsync(
        HttpRequest request, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var limit = fields.Read(CommonFields.Limit);
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        var top = await grains.GetGrain<IPopularQueriesGrain>(0).GetTopAsync(limit).WaitAsync(cancellationToken);
        return TypedResults.Ok(new PopularQueriesResponse
        {
            GeneratedAt = time.GetUtcNow(),
            Items = Array.ConvertAll(top, query => new PopularQueryItem(query.Query, query.Count)),
        });
    }
}
