using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Reco.ClientApi.Contracts;

namespace Reco.ClientApi.Serving;

/// <summary>A document as it is, and whether it came from the cache.</summary>
internal sealed class RecommendationsResult(ReadOnlyMemory<byte> json, bool isHit) : IResult, IEndpointMetadataProvider
{
    public const string Header = "Reco-Cache";

    private const string ContentType = "application/json; charset=utf-8";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(RecommendationsResponse), ["application/json"]));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers[Header] = isHit ? "hit" : "miss";
        response.ContentType = ContentType;
        response.ContentLength = json.Length;
        return response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}
