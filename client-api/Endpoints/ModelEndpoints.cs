using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Orleans;
using Reco.ClientApi.Contracts;
using Reco.ClientApi.Documentation;
using Reco.ClientApi.Fields;
using Reco.ClientApi.Problems;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Endpoints;

/// <summary>The factor model, for the operator.</summary>
internal static class ModelEndpoints
{
    /// <summary>How often a run that is waited for is asked after.</summary>
    public static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(250);

    private static readonly Flag Wait = new("wait", true, "Answer when the run has ended; false answers 202 at once.");

    private static readonly Flag Force = new("force", false, "Train even when no interaction has changed since the last run.");

    private static readonly WholeNumber TimeoutSeconds = new(
        "timeout_seconds", 120, 1, 3600, "How long to wait; a run that takes longer is answered 202 and goes on.");

    public static IEndpointRouteBuilder MapModel(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/retrain", RetrainAsync)
            .Describe("Trains a model now.", new("/admin/retrain"))
            .WithQuery(Wait, Force, TimeoutSeconds)
            .WithProblems(StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden)
            .DisableRequestTimeout();
        admin.MapGet("/model", ModelAsync)
            .Describe("The model that serves, and the last training run.", new("/admin/model"))
            .WithProblems(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);
        return admin;
    }

    private static async Task<Ok<ModelResponse>> ModelAsync(IGrainFactory grains, CancellationToken cancellationToken) =>
        TypedResults.Ok(ModelResponse.From(await grains.GetGrain<IAlsGrain>(0).GetStatusAsync().WaitAsync(cancellationToken)));

    private static async Task<Results<Ok<RetrainResponse>, Accepted<RetrainResponse>, ProblemResult>> RetrainAsync(
        HttpRequest request, IGrainFactory grains, TimeProvider time, CancellationToken cancellationToken)
    {
        var fields = new QueryFields(request.Query);
        var wait = fields.Read(Wait);
        var force = fields.Read(Force);
        var timeout = TimeSpan.FromSeconds(fields.Read(TimeoutSeconds));
        if (fields.Errors.Any)
        {
            return fields.Errors.ToProblem();
        }

        var als = grains.GetGrain<IAlsGrain>(0);
        var run = await als.StartTrainingAsync(force).WaitAsync(cancellationToken);
        var status = await FollowAsync(als, run, wait ? timeout : TimeSpan.Zero, time, cancellationToken);
        return status.LastRun >= run
            ? TypedResults.Ok(Ended(run, status))
            : TypedResults.Accepted("/admin/model", UnderWay(run, status));
    }

    private static async Task<ModelStatus> FollowAsync(
        IAlsGrain als, long run, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var status = await als.GetStatusAsync().WaitAsync(cancellationToken);
            if (status.LastRun >= run || time.GetElapsedTime(started) >= timeout)
            {
                return status;
            }

            await Task.Delay(PollPeriod, time, cancellationToken);
        }
    }

    private static RetrainResponse Ended(long run, ModelStatus status) => new()
    {
        Run = run,
        Done = true,
        Outcome = status.LastOutcome,
        Detail = status.LastDetail,
        Model = ModelResponse.From(status),
    };

    private static RetrainResponse UnderWay(long run, ModelStatus status) => new()
    {
        Run = run,
        Done = false,
        Outcome = TrainingOutcome.None,
        Detail = $"Run {run} goes on; it has ended when GET /admin/model shows a last_run of {run} or more.",
        Model = ModelResponse.From(status),
    };
}
