using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Live;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Endpoints;

/// <summary>The shop as it moves.</summary>
internal static class LiveEndpoints
{
    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live", Stream)
            .WithTags("Live")
            .Describe("Server-sent events: the shop's totals, trending products and model, once a second.", new("/live"))
            .Produces<LiveStats>(StatusCodes.Status200OK, "text/event-stream")
            .WithProblems(StatusCodes.Status503ServiceUnavailable)
            .DisableRequestTimeout();
        return routes;
    }

    private static Results<ServerSentEventsResult<LiveStats>, ProblemResult> Stream(
        HttpContext context, LiveFeed feed, LiveClients clients, CancellationToken cancellationToken)
    {
        if (clients.TryEnter() is not { } place)
        {
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "As many clients as are allowed (Api:LiveClientsMax) follow the shop already. Close one, or try again later.",
                retryAfterSeconds: 10);
        }

        context.Response.RegisterForDispose(place);
        return TypedResults.ServerSentEvents(feed.ReadAsync(cancellationToken));
    }
}
