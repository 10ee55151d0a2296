using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>Trains the factor model every few minutes and on request, and publishes it. One in the cluster, key 0.</summary>
[Alias("reco.IAlsGrain")]
public interface IAlsGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Starts a run unless one is under way, and answers its number at once; follow it with <see cref="GetStatusAsync"/>.
    /// A forced run trains even when no row has changed.
    /// </summary>
    [Alias("StartTraining")]
    Task<long> StartTrainingAsync(bool force);

    /// <summary>The published model and the last run.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetStatus")]
    Task<ModelStatus> GetStatusAsync();

    /// <summary>
    /// Items <paramref name="firstItem"/> to <paramref name="firstItem"/> + <paramref name="count"/> of the published model,
    /// or null when <paramref name="version"/> is not the published one any more (start again with the newer one).
    /// </summary>
    [Repeatable, AlwaysInterleave, Alias("GetFactors")]
    Task<FactorChunk?> GetFactorsAsync(long version, int firstItem, int count);
}

/// <summary>A run of item factors.</summary>
[GenerateSerializer, Immutable, Alias("reco.FactorChunk")]
public sealed record FactorChunk
{
    /// <summary>The model's version.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>Items in the whole model.</summary>
    [Id(1)] public required int TotalItems { get; init; }

    /// <summary>Factors of an item.</summary>
    [Id(2)] public required int Factors { get; init; }

    /// <summary>The products of this chunk.</summary>
    [Id(3)] public required string[] ProductIds { get; init; }

    /// <summary>Row-major, <see cref="ProductIds"/> rows of <see cref="Factors"/> values.</summary>
    [Id(4)] public required float[] Values { get; init; }

    /// <summary>What a fold-in needs besides the factors.</summary>
    [Id(5)] public required ModelParameters Parameters { get; init; }
}

/// <summary>The published model and the last training run.</summary>
[GenerateSerializer, Immutable, Alias("reco.ModelStatus")]
public sealed record ModelStatus
{
    /// <summary>The published model; null before the first.</summary>
    [Id(0)] public ModelInfo? Published { get; init; }

    /// <summary>Number of the last run that ended; 0 before the first.</summary>
    [Id(1)] public required long LastRun { get; init; }

    /// <summary>How it ended.</summary>
    [Id(2)] public required TrainingOutcome LastOutcome { get; init; }

    /// <summary>One sentence about it.</summary>
    [Id(3)] public required string LastDetail { get; init; }

    /// <summary>True while a run is under way.</summary>
    [Id(4)] public required bool Running { get; init; }
}

/// <summary>How a training run ended.</summary>
[GenerateSerializer, Alias("reco.TrainingOutcome")]
public enum TrainingOutcome
{
    /// <summary>No run yet.</summary>
    None = 0,

    /// <summary>A new version was published.</summary>
    Published = 1,

    /// <summary>No row had changed since the last run.</summary>
    Unchanged = 2,

    /// <summary>Too few users, products or interactions.</summary>
    TooLittleData = 3,

    /// <summary>Worse than the published model on held-out interactions.</summary>
    Refused = 4,

    /// <summary>The run failed; the published model goes on serving.</summary>
    Failed = 5,
}

/// <summary>Facts about a trained model.</summary>
[GenerateSerializer, Immutable, Alias("reco.ModelInfo")]
public sealed record ModelInfo
{
    /// <summary>Version, from 1.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>When training ended, UTC.</summary>
    [Id(1)] public required DateTimeOffset TrainedAt { get; init; }

    /// <summary>Users trained on.</summary>
    [Id(2)] public required int Users { get; init; }

    /// <summary>Items in the model.</summary>
    [Id(3)] public required int Items { get; init; }

    /// <summary>Factors of an item.</summary>
    [Id(4)] public required int Factors { get; init; }

    /// <summary>User-item pairs trained on.</summary>
    [Id(5)] public required long Interactions { get; init; }

    /// <summary>Seconds of training, gathering excluded.</summary>
    [Id(6)] public required double Seconds { get; init; }

    /// <summary>NDCG@10 on the held-out interactions; null when there were too few.</summary>
    [Id(7)] public double? HeldOutNdcg { get; init; }

    /// <summary>Recall@20 on the held-out interactions; null when there were too few.</summary>
    [Id(8)] public double? HeldOutRecall { get; init; }
}
