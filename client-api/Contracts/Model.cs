using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>The published model and the last training run.</summary>
public sealed record ModelResponse
{
    /// <summary>0 before the first model.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset? TrainedAt { get; init; }

    public required int Users { get; init; }

    public required int Items { get; init; }

    public required int Factors { get; init; }

    public required long Interactions { get; init; }

    public required double Seconds { get; init; }

    /// <summary>NDCG@10; null when too few interactions were held out.</summary>
    public required double? HeldOutNdcg { get; init; }

    /// <summary>Recall@20; null when too few interactions were held out.</summary>
    public required double? HeldOutRecall { get; init; }

    public required long LastRun { get; init; }

    public required TrainingOutcome LastOutcome { get; init; }

    public required string LastDetail { get; init; }

    public required bool Running { get; init; }

    /// <summary>How things stand, in a sentence.</summary>
    public required string Status { get; init; }

    internal static ModelResponse From(ModelStatus status) => new()
    {
        Version = status.Published?.Version ?? 0,
        TrainedAt = status.Published?.TrainedAt,
        Users = status.Published?.Users ?? 0,
        Items = status.Published?.Items ?? 0,
        Factors = status.Published?.Factors ?? 0,
        Interactions = status.Published?.Interactions ?? 0,
        Seconds = status.Published?.Seconds ?? 0,
        HeldOutNdcg = status.Published?.HeldOutNdcg,
        HeldOutRecall = status.Published?.HeldOutRecall,
        LastRun = status.LastRun,
        LastOutcome = status.LastOutcome,
        LastDetail = status.LastDetail,
        Running = status.Running,
        Status = Describe(status),
    };

    private static string Describe(ModelStatus status) => (status.Published, status.Running) switch
    {
        (null, false) => "There is no model yet: send events, then wait for the next run or POST /admin/retrain.",
        (null, true) => "There is no model yet: the first one is being trained.",
        ({ } model, false) => $"Version {model.Version} is serving.",
        ({ } model, true) => $"Version {model.Version} is serving; the next one is being trained.",
    };
}

/// <summary>A training run that was asked for.</summary>
public sealed record RetrainResponse
{
    /// <summary>The run's number.</summary>
    public required long Run { get; init; }

    /// <summary>False: the run goes on; GET /admin/model tells when last_run has reached it.</summary>
    public required bool Done { get; init; }

    /// <summary>How it ended; "none" while it goes on.</summary>
    public required TrainingOutcome Outcome { get; init; }

    public required string Detail { get; init; }

    /// <summary>The model that serves now.</summary>
    public required ModelResponse Model { get; init; }
}
