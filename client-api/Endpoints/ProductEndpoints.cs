using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.Core.Ports;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>One product: what it is, what is like it, and its numbers.</summary>
internal static class ProductEndpoints
{
    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/products").WithTags("Products");
        group.MapGet("/{product}", Get)
            .Describe("The product as the catalogue has it.", new("/products/product-1"))
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        group.MapGet("/{product}/similar", SimilarAsync)
            .Describe("Products that the model puts next to it.", new("/products/product-1/similar?limit=5"))
            .WithQuery(CommonFields.Limit)
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        group.MapGet("/{product}/stats", StatsAsync)
            .Describe("What happened to this product: ever, and in the sliding window.", new("/products/product-1/stats"))
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        return routes;
    }

    private static Results<Ok<ProductResponse>, ProblemResult> Get(string product, ICatalogue catalogue)
    {
        var errors = new FieldErrors();
        var productId = Id.Read("product", product, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        return catalogue.TryGet(productId, out var known) ? TypedResults.Ok(ProductResponse.From(known)) : Unknown();
    }

    private static async Task<Results<Ok<SimilarResponse>, ProblemResult>> SimilarAsync(
        string product,
        HttpRequest request,
        IGrainFactory grains,
        ICatalogue catalogue,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var productId = Id.Read("product", product, fields.Errors);
        var limit = fields.Read(CommonFields.Limit);
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        var grain = grains.GetGrain<IProductGrain>(productId);
        var similar = await grain.GetSimilarAsync(limit).WaitAsync(cancellationToken);
        if (similar.Items.Length == 0
            && !catalogue.TryGet(productId, out _)
            && await grain.GetStatsAsync().WaitAsync(cancellationToken) is null)
        {
            return Unknown();
        }

        return TypedResults.Ok(new SimilarResponse
        {
            ProductId = productId,
            ModelVersion = similar.ModelVersion,
            GeneratedAt = time.GetUtcNow(),
            Items = Array.ConvertAll(similar.Items, RankedItem.From),
        });
    }

    private static async Task<Results<Ok<ProductStatsResponse>, ProblemResult>> StatsAsync(
        string product, IGrainFactory grains, ICatalogue catalogue, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var productId = Id.Read("product", product, errors);
        if (errors.Any)
        {
            return errors.ToProblem();
        }

        var stats = await grains.GetGrain<IProductGrain>(productId).GetStatsAsync().WaitAsync(cancellationToken);
        return stats is not null ? TypedResults.Ok(ProductStatsResponse.From(stats))
            : catalogue.TryGet(productId, out _) ? TypedResults.Ok(ProductStatsResponse.Untouched(productId))
            : Unknown();
    }

    private static ProblemResult Unknown() =>
        Problem.NotFound("Nobody knows this product. Check the id (GET /search finds products), or add it with PUT /admin/products.");
}
