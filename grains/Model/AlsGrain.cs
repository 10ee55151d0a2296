using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Core.Recommending;
using Reco.Core.Training;
using Reco.GrainInterfaces;
using Reco.Grains.State;

namespace Reco.Grains.Model;

/// <summary>Gathers the rows, trains on the thread pool, and publishes what is not worse. Turns stay short: a run is followed, not awaited.</summary>
public sealed partial class AlsGrain(
    [PersistentState("model", GrainStorageNames.Grains)] IPersistentState<AlsState> state,
    ModelHolder holder,
    IOptions<TrainingOptions> options,
    TimeProvider time,
    ILogger<AlsGrain> logger)
    : Grain, IAlsGrain
{
    private readonly CancellationTokenSource _deactivating = new();
    private ServingModel? _published;
    private ModelInfo? _publishedInfo;
    private long _startedRun;
    private long _endedRun;
    private long _trainedRevision;
    private DateTimeOffset _lastStart;
    private Task _run = Task.CompletedTask;
    private TrainingOutcome _lastOutcome = TrainingOutcome.None;
    private string _lastDetail = "no training run yet";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _startedRun = _endedRun = state.State.LastRun;
        _trainedRevision = state.State.TrainedRevision;
        _publishedInfo = state.State.Info;
        if (state.State.Model.Length > 0)
        {
            try
            {
                _published = ServingModelCodec.Decode(state.State.Model);
                holder.Offer(_published);
            }
            catch (InvalidDataException failure)
            {
                // Silos go on with the model that they have; the next run makes another, whatever has changed.
                _trainedRevision = -1;
                LogDamaged(failure);
            }
        }

        _lastStart = time.GetUtcNow();
        var check = TimeSpan.FromSeconds(options.Value.CheckIntervalSeconds);
        this.RegisterGrainTimer(TrainWhenDueAsync, new GrainTimerCreationOptions(check, check) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _run;
        _deactivating.Dispose();
    }

    public Task<long> StartTrainingAsync(bool force)
    {
        if (_run.IsCompleted)
        {
            _startedRun++;
            _lastStart = time.GetUtcNow();
            _run = TrainAsync(_startedRun, force);
        }

        return Task.FromResult(_startedRun);
    }

    public Task<ModelStatus> GetStatusAsync() => Task.FromResult(new ModelStatus
    {
        Published = _publishedInfo,
        LastRun = _endedRun,
        LastOutcome = _lastOutcome,
        LastDetail = _lastDetail,
        Running = !_run.IsCompleted,
    });

    public Task<FactorChunk?> GetFactorsAsync(long version, int firstItem, int count) =>
        Task.FromResult(_published is { } model && model.Version == version ? FactorChunks.Cut(model, firstItem, count) : null);

    /// <summary>One run an interval; and earlier while the shop is young: at the first rows, and whenever they have doubled since the model.</summary>
    private async Task TrainWhenDueAsync(CancellationToken cancellationToken)
    {
        var intervalIsOver = time.GetUtcNow() - _lastStart >= TimeSpan.FromMinutes(options.Value.RetrainIntervalMinutes);
        if (intervalIsOver || (await RowGatherer.SizeAsync(GrainFactory)).Interactions >= 2 * (_publishedInfo?.Interactions ?? 0))
        {
            await StartTrainingAsync(force: false);
        }
    }

    /// <summary>One run, to its end; never throws. The run counts as ended only when its model serves here.</summary>
    private async Task TrainAsync(long run, bool force)
    {
        var (outcome, detail) = (TrainingOutcome.Failed, "the silo is stopping");
        try
        {
            (outcome, detail) = await TrainAndPublishAsync(run, force);
        }
        catch (OperationCanceledException) when (_deactivating.IsCancellationRequested)
        {
            LogStopped(run);
        }
        catch (Exception failure)
        {
            // The published model goes on serving, and the next run is due in an interval: the failure is told, not passed on.
            LogFailed(failure, run);
            detail = failure.Message;
        }

        (_lastOutcome, _lastDetail, _endedRun) = (outcome, detail, run);
    }

    private async Task<(TrainingOutcome Outcome, string Detail)> TrainAndPublishAsync(long run, bool force)
    {
        var revision = (await RowGatherer.SizeAsync(GrainFactory)).Revision;
        if (!force && revision == _trainedRevision)
        {
            return (TrainingOutcome.Unchanged, "no row has changed since the last run");
        }

        var rows = await RowGatherer.GatherAsync(GrainFactory, _deactivating.Token);
        var started = time.GetTimestamp();
        var (published, newVersion) = (_published, (_publishedInfo?.Version ?? 0) + 1);

        // Seconds on a thread of the pool, or on all cores at once, would be taken from the requests of this silo.
        var result = await BackgroundThread.RunAsync(
            () => ModelTraining.Run(
                TrainingSet.From(rows, options.Value, _deactivating.Token), published, newVersion, options.Value, _deactivating.Token),
            _deactivating.Token);
        if (result is { Decision: TrainingDecision.Publish, Model: { } model })
        {
            await PublishAsync(run, model, result, revision, time.GetElapsedTime(started));
            return (TrainingOutcome.Published, result.Detail);
        }

        _trainedRevision = revision;
        LogNotPublished(run, result.Detail);
        return (result.Decision == TrainingDecision.Refuse ? TrainingOutcome.Refused : TrainingOutcome.TooLittleData, result.Detail);
    }

    /// <summary>Durable first, then served: a version that was seen is never forgotten.</summary>
    private async Task PublishAsync(long run, ServingModel model, TrainingResult result, long revision, TimeSpan took)
    {
        var before = state.State;
        state.State = new AlsState
        {
            Model = ServingModelCodec.Encode(model),
            LastRun = run,
            TrainedRevision = revision,
            Info = new ModelInfo
            {
                Version = model.Version,
                TrainedAt = time.GetUtcNow(),
                Users = result.Users,
                Items = model.Items.Count,
                Factors = model.Items.Factors,
                Interactions = result.Interactions,
                Seconds = took.TotalSeconds,
                HeldOutNdcg = result.HeldOut?.Ndcg,
                HeldOutRecall = result.HeldOut?.Recall,
            },
        };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            throw;
        }

        _trainedRevision = revision;
        (_published, _publishedInfo) = (model, state.State.Info);
        holder.Offer(model);
        LogPublished(model.Version, result.Users, model.Items.Count, result.Interactions, took.TotalSeconds, result.Detail);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Model version {Version}: {Users} users, {Items} products, {Interactions} pairs in {Seconds:0.00} s; {Detail}")]
    private partial void LogPublished(long version, int users, int items, long interactions, double seconds, string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training run {Run} published nothing: {Detail}")]
    private partial void LogNotPublished(long run, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored model cannot be read; the next training run makes another")]
    private partial void LogDamaged(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training run {Run} was stopped")]
    private partial void LogStopped(long run);

    [LoggerMessage(Level = LogLevel.Error, Message = "Training run {Run} failed; the published model goes on serving")]
    private partial void LogFailed(Exception failure, long run);
}
