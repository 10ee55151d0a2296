using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Documentation;

namespace Reco.ClientApi.Endpoints;

/// <summary>The way in for people.</summary>
internal static class IndexEndpoints
{
    public static IEndpointRouteBuilder MapIndex(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", Page)
            .WithTags("Documentation")
            .Describe("This page.", new("/"))
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Html);
        return routes;
    }

    private static ContentHttpResult Page(EndpointDataSource endpoints, HttpRequest request, HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Text(IndexPage.Render(endpoints, $"{request.Scheme}://{request.Host}"), MediaTypeNames.Text.Html, Encoding.UTF8);
    }
}
