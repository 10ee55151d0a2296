using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Reco.ClientApi.Problems;

/// <summary>
/// The outer edge: what no endpoint answered, and what an endpoint threw, becomes problem+json.
/// An exception after the response has begun goes on to the server, which cuts the connection.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>nginx's number for "the client has gone"; nobody receives it, but access logs show it.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }

            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var problem = Explain(exception, context);
            context.Response.Clear();
            await problem.ExecuteAsync(context);
            return;
        }

        if (IsBareError(context.Response) && Explain(context) is { } bare)
        {
            await bare.ExecuteAsync(context);
        }
    }

    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= 400 and not ClientClosedRequest };

    private ProblemResult Explain(Exception exception, HttpContext context)
    {
        var request = context.Request;
        switch (exception)
        {
            case BadHttpRequestException bad:
                ProblemLog.UnreadableRequest(logger, request.Method, request.Path, bad);
                return Problem.Of(bad.StatusCode, $"The request could not be read: {bad.Message}");
            case TimeoutException:
                ProblemLog.TimedOut(logger, request.Method, request.Path, exception);
                return Problem.Of(
                    StatusCodes.Status504GatewayTimeout,
                    "The part of the system that knows the answer gave none in time. Try again shortly; GET /health/ready says how it is.",
                    retryAfterSeconds: 1);
            case SiloUnavailableException:
                ProblemLog.NoSilo(logger, request.Method, request.Path, exception);
                return Problem.Of(
                    StatusCodes.Status503ServiceUnavailable,
                    "No silo of the cluster answers. Try again shortly; GET /health/ready says how it is.",
                    retryAfterSeconds: 1);
            case DbException:
                ProblemLog.Failed(logger, request.Method, request.Path, exception);
                return Problem.Of(
                    StatusCodes.Status503ServiceUnavailable,
                    "The database does not do this now. Try again shortly; GET /health/ready says how it is.",
                    retryAfterSeconds: 1);
            case InvalidDataException:
                ProblemLog.Failed(logger, request.Method, request.Path, exception);
                return Problem.Of(
                    StatusCodes.Status500InternalServerError,
                    "What is stored about this cannot be read. Everything else goes on; './reco doctor' lists what is damaged.");
            default:
                ProblemLog.Failed(logger, request.Method, request.Path, exception);
                return Problem.Of(
                    StatusCodes.Status500InternalServerError,
                    "Something failed that should not. The log has the details under this trace_id; please report it.");
        }
    }

    /// <summary>Answers that routing gave without a body.</summary>
    private static ProblemResult? Explain(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound("There is no such endpoint. GET / lists every endpoint with an example."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(
            StatusCodes.Status405MethodNotAllowed,
            $"This endpoint does not take {context.Request.Method}; it takes {context.Response.Headers.Allow}. GET / lists every endpoint."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of(
            StatusCodes.Status415UnsupportedMediaType, "Send JSON in UTF-8 with the header Content-Type: application/json."),
        var status => Problem.Of(status, "The request was refused. GET / lists every endpoint with an example."),
    };
}
