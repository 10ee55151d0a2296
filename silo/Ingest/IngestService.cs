using Microsoft.Extensions.Options;
using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.Core.Windows;
using Reco.Silo.Partitions;
using Reco.Silo.Serving;

namespace Reco.Silo.Ingest;

/// <summary>Consumes the event log: one worker for each partition that this silo owns, and a checkpoint every few seconds.</summary>
internal sealed partial class IngestService(
    IEventLog log,
    IGrainFactory grains,
    IDeadLetterLog deadLetters,
    StreamClock clock,
    Checkpointer checkpointer,
    IngestMetrics metrics,
    IOptions<IngestOptions> options,
    IOptions<WindowOptions> windows,
    TimeProvider time,
    ILogger<IngestService> logger,
    UserActivity? activity = null) : BackgroundService, IPartitionConsumer
{
    private readonly PartitionWorkers<PartitionWorker> _workers = new();
    private readonly IngestBudget _budget = new(grains, options.Value, CommonTimes.OfThisProcess(time));

    /// <summary>Records not applied yet, over all owned partitions.</summary>
    public long Lag => _workers.Lag;

    /// <summary>Events applied to grains since the start.</summary>
    public long AppliedEvents => metrics.AppliedEvents;

    /// <summary>Owned partitions.</summary>
    public int Partitions => _workers.Count;

    /// <summary>Whether events with this key are read here.</summary>
    public bool Reads(string key) => _workers.Find(Partitioner.PartitionOf(key, log.PartitionCount)) is not null;

    /// <summary>What is wrong, by partition; empty when all is well.</summary>
    public IReadOnlyDictionary<int, string> Failures => _workers.Failures;

    /// <summary>Checkpoints everything now.</summary>
    public Task CheckpointAsync(CancellationToken cancellationToken) =>
        checkpointer.RunAsync(_workers.Snapshot(), cancellationToken);

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        _workers.Start(new PartitionWorker(
            reader, deadLetters, clock, options.Value, _budget, windows.Value.AllowedLateness, metrics, time, logger, activity));
        var behind = reader.EndOffset - (reader.Committed?.NextOffset ?? reader.FirstOffset);
        if (behind > 0)
        {
            LogCatchingUp(reader.Partition, behind, reader.EndOffset);
        }

        return Task.CompletedTask;
    }

    public async Task RevokedAsync(int partition, CancellationToken cancellationToken)
    {
        var worker = await _workers.StopAsync(partition);
        await checkpointer.RunAsync([worker], cancellationToken);
        LogRevoked(partition);
    }

    public async Task LostAsync(int partition, CancellationToken cancellationToken)
    {
        var abandoned = _workers.Find(partition)?.AbandonAsync(cancellationToken) ?? Task.CompletedTask;
        await Task.WhenAll(abandoned, _workers.StopAsync(partition));
        LogLost(partition);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveLag(_workers.Lags);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var checkpoints = CheckpointPeriodicallyAsync(stop.Token);
        try
        {
            await log.ConsumeAsync(options.Value.Group, this, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
        finally
        {
            await stop.CancelAsync();
            await checkpoints;
        }
    }

    private async Task CheckpointPeriodicallyAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.CheckpointIntervalSeconds), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await CheckpointAsync(stop);
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    // Whatever it was: what was not committed is not lost, the next checkpoint includes it. No further checkpoints would be worse.
                    LogCheckpointFailed(failure);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Revoking makes the last checkpoint.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} catches up on {Records} records, to offset {End}")]
    private partial void LogCatchingUp(int partition, long records, long end);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} checkpointed and given up")]
    private partial void LogRevoked(int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} lost to another member; its last events are replayed there")]
    private partial void LogLost(int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint could not be committed; the next one tries again")]
    private partial void LogCheckpointFailed(Exception failure);
}
