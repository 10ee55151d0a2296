using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Reco.ClientApi.Contracts;

namespace Reco.ClientApi.Problems;

/// <summary>The problems that the gateway answers.</summary>
internal static class Problem
{
    public static ProblemResult Of(int status, string detail, int? retryAfterSeconds = null) =>
        new(Body(status, detail)) { RetryAfterSeconds = retryAfterSeconds };

    public static ProblemResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    public static ProblemResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    /// <summary>Fields that break rules.</summary>
    public static ProblemResult Invalid(IReadOnlyDictionary<string, IReadOnlyList<string>> errors) =>
        new(Body(StatusCodes.Status400BadRequest, "Correct the fields that errors names and send the request again.") with
        {
            Errors = errors,
        });

    /// <summary>List elements that break rules; nothing of the list was taken.</summary>
    public static ProblemResult Rejected(string detail, IReadOnlyList<Rejection> rejected) =>
        new(Body(StatusCodes.Status400BadRequest, detail) with { Rejected = rejected });

    private static ProblemBody Body(int status, string detail) => new()
    {
        Title = ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
    };
}
