using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Reco.ClientApi.Contracts;

namespace Reco.ClientApi.Problems;

/// <summary>Answers a <see cref="ProblemBody"/> with its status.</summary>
internal sealed class ProblemResult(ProblemBody body) : IResult, IStatusCodeHttpResult, IValueHttpResult<ProblemBody>
{
    public const string ContentType = "application/problem+json";

    public ProblemBody Value => body;

    public int? StatusCode => body.Status;

    /// <summary>Seconds after which the client may try again; null to send no Retry-After.</summary>
    public int? RetryAfterSeconds { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = body.Status;
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var traced = body.Status < StatusCodes.Status500InternalServerError
            ? body
            : body with { TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier };
        // Not RequestAborted: of a request that ran out of time it is cancelled already, and the answer still has to go out.
        return response.WriteAsJsonAsync(traced, ApiJson.Default.ProblemBody, ContentType, CancellationToken.None);
    }
}
