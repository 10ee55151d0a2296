using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Admin;
using Reco.ClientApi.Bodies;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Problems;
using Reco.Core.Ports;

namespace Reco.ClientApi.Endpoints;

/// <summary>The catalogue, for the operator.</summary>
internal static class CatalogueEndpoints
{
    private const string Body =
        """{"products":[{"id":"product-1","name":"Running shoes","category":"sports","brand":"Swift","price":79.9,"stock":12}]}""";

    public static IEndpointRouteBuilder MapCatalogue(this IEndpointRouteBuilder admin)
    {
        admin.MapPut("/products", PutAsync)
            .Describe("Adds or replaces 1 to 1000 products of the catalogue: all of them or none.", new("/admin/products", Body))
            .Accepts<ProductsRequest>("application/json")
            .WithProblems(
                StatusCodes.Status400BadRequest,
                StatusCodes.Status401Unauthorized,
                StatusCodes.Status403Forbidden,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType);
        return admin;
    }

    private static async Task<Results<Ok<UpsertResponse>, ProblemResult>> PutAsync(
        HttpRequest request, ICatalogue catalogue, CancellationToken cancellationToken)
    {
        var (document, problem) = await JsonObjectBody.ReadAsync(request, cancellationToken);
        if (document is null)
        {
            return problem!;
        }

        ProductList list;
        using (document)
        {
            list = ProductList.Read(document.RootElement);
        }

        if (list.Refusal is { } refusal)
        {
            return Problem.Rejected(refusal, list.Rejected);
        }

        await catalogue.UpsertAsync(list.Products, cancellationToken);
        return TypedResults.Ok(new UpsertResponse(list.Products.Count));
    }
}
