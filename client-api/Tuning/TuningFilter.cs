using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Reco.Adapters.Postgres.Tuning;
using Reco.ClientApi.Problems;

namespace Reco.ClientApi.Tuning;

/// <summary>Says what to configure where there is no PostgreSQL, and turns the laboratory's refusals into problems.</summary>
internal sealed class TuningFilter : IEndpointFilter
{
    private const int BusyRetrySeconds = 5;
    private const int DownRetrySeconds = 10;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.HttpContext.RequestServices.GetService<TuningLab>() is null)
        {
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "This needs PostgreSQL. Configure ConnectionStrings:Postgres (environment: ConnectionStrings__Postgres) and start again.");
        }

        try
        {
            return await next(context);
        }
        catch (TuningException refusal)
        {
            return Explain(refusal);
        }
    }

    private static ProblemResult Explain(TuningException refusal) => refusal.Fault switch
    {
        // A rule of a field ("must be ...") is told as other fields' rules are; what PostgreSQL says of a statement is the whole sentence.
        TuningFault.BadInput when refusal.Field is { } field and not "query" =>
            Problem.Invalid(new Dictionary<string, IReadOnlyList<string>> { [field] = [refusal.Message] }),
        TuningFault.BadInput => Problem.BadRequest(refusal.Message),
        TuningFault.TooMuch => Problem.Of(StatusCodes.Status422UnprocessableEntity, refusal.Message),
        TuningFault.Busy => Problem.Of(StatusCodes.Status503ServiceUnavailable, refusal.Message, BusyRetrySeconds),
        TuningFault.Unavailable => Problem.Of(StatusCodes.Status503ServiceUnavailable, refusal.Message, DownRetrySeconds),
        _ => Problem.Of(StatusCodes.Status503ServiceUnavailable, refusal.Message),
    };
}
