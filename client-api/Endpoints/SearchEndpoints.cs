using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>Full-text search.</summary>
internal static class SearchEndpoints
{
    private static readonly Words Text = new("q", EventRules.QueryCharactersMax, "Words; without any, every product matches.");

    private static readonly WholeNumber Offset = new("offset", 0, 0, 10_000, "Results to skip.");

    public static IEndpointRouteBuilder MapSearch(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/search", SearchAsync)
            .WithTags("Search")
            .Describe("Products by words, category and price, with counts by category, brand and price.", new("/search?q=shoes&limit=10"))
            .WithQuery(Text, CommonFields.Category, CommonFields.MinPrice, CommonFields.MaxPrice, CommonFields.Limit, Offset)
            .WithProblems(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Results<Ok<SearchResponse>, ProblemResult>> SearchAsync(
        HttpRequest request, ISearchIndex index, CancellationToken cancellationToken)
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
        return fields.Errors.Any
            ? fields.Errors.ToProblem()
            : TypedResults.Ok(SearchResponse.From(query, await index.SearchAsync(query, cancellationToken)));
    }
}
