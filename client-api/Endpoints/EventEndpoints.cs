using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Reco.ClientApi.Bodies;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Events;
using Reco.ClientApi.Problems;
using Reco.Core.Ports;

namespace Reco.ClientApi.Endpoints;

/// <summary>Where events come in.</summary>
internal static class EventEndpoints
{
    private const string Body =
        """{"event_id":"e-1","user_id":"user-1","product_id":"product-1","event_type":"view","timestamp":"2026-01-05T12:00:00Z"}""";

    private const string Description =
        "The body is one event, a list of events, or an object with a list under \"events\": 1 to 1000 events, at most 1 MiB. "
        + "202 is answered when the accepted events are durable in the log. An event whose event_id was sent before changes nothing, "
        + "so a request whose answer was lost can be sent again.";

    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/events", PostAsync)
            .WithTags("Events")
            .Describe("Takes 1 to 1000 events; answers when they are durable.", new("/events", Body))
            .WithDescription(Description)
            .Accepts<EventsRequest>("application/json")
            .WithProblems(
                StatusCodes.Status400BadRequest,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status503ServiceUnavailable);
        return routes;
    }

    private static async Task<Results<Accepted<EventsResponse>, ProblemResult>> PostAsync(
        HttpRequest request, IEventLog log, TimeProvider time, ILogger<EventBatch> logger, CancellationToken cancellationToken)
    {
        var (body, problem) = await PooledBody.ReadAsync(request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        EventBatch batch;
        using (body)
        {
            batch = EventBatch.Read(body.Json.Span, time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        if (batch.Refusal is { } refusal)
        {
            batch.Return();
            return Problem.Rejected(refusal, batch.Rejected);
        }

        var accepted = batch.Appends.Count;
        try
        {
            await log.AppendAsync(batch.Appends, cancellationToken);
        }
        catch (EventLogException exception)
        {
            // The buffer is not returned: the log may still be writing from it.
            ProblemLog.EventLogRefused(logger, accepted, exception);
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "The event log cannot take events now; some of these may have been written. Send the same request again a little later: "
                + "an event whose event_id was taken before changes nothing.",
                retryAfterSeconds: 1);
        }

        batch.Return();
        return TypedResults.Accepted((string?)null, new EventsResponse { Accepted = accepted, Rejected = batch.Rejected });
    }
}
