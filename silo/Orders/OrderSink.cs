using System.Globalization;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Silo.Partitions;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Silo.Orders;

/// <summary>
/// Reads the event log in a group of its own and makes an order of every purchase. It shares nothing with ingest but the log: while the
/// store is away this waits, and the speed layer goes on.
/// </summary>
internal sealed partial class OrderSink : BackgroundService, IPartitionConsumer
{
    private readonly IEventLog _log;
    private readonly OrderSinkParts _parts;
    private readonly ILogger<OrderSink> _logger;
    private readonly PartitionWorkers<OrderWorker> _workers = new();

    public OrderSink(
        IEventLog log,
        IOrderStore store,
        [FromKeyedServices(DeadLettersKey)] IDeadLetterLog deadLetters,
        OrderMetrics metrics,
        IOptions<OrderSinkOptions> options,
        TimeProvider time,
        ILogger<OrderSink> logger)
    {
        (_log, _logger) = (log, logger);
        var writes = new OrderWrites(store, options.Value.WritesInFlightMax, options.Value.BatchRecordsMax, metrics, time);
        _parts = new OrderSinkParts(writes, deadLetters, CommonTimes.OfThisProcess(time), options.Value, metrics, time, logger);
        metrics.ObserveLag(_workers.Lags);
    }

    /// <summary>Under which key the dead letters of orders are registered: not those of ingest, which has no quarrel with these events.</summary>
    public const string DeadLettersKey = "orders";

    /// <summary>Records whose purchases are not orders yet, over all owned partitions.</summary>
    public long Lag => _workers.Lag;

    /// <summary>Owned partitions.</summary>
    public int Partitions => _workers.Count;

    /// <summary>What is wrong, by partition; empty when all is well.</summary>
    public IReadOnlyDictionary<int, string> Failures => _workers.Failures;

    /// <summary>Why the group cannot be joined; null when it can.</summary>
    public string? GroupFailure { get; private set; }

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        var worker = new OrderWorker(reader, _parts, JitterOf(reader.Partition));
        if (worker.Lag > 0)
        {
            LogCatchingUp(reader.Partition, worker.Lag, reader.EndOffset);
        }

        _workers.Start(worker);
        return Task.CompletedTask;
    }

    public async Task RevokedAsync(int partition, CancellationToken cancellationToken)
    {
        var worker = await _workers.StopAsync(partition);
        await worker.CommitAsync(cancellationToken);
        LogRevoked(partition);
    }

    public async Task LostAsync(int partition, CancellationToken cancellationToken)
    {
        var abandoned = _workers.Find(partition)?.AbandonAsync(cancellationToken) ?? Task.CompletedTask;
        await Task.WhenAll(abandoned, _workers.StopAsync(partition));
        LogLost(partition);
    }

    /// <summary>Commits everything that is done now.</summary>
    public Task CommitAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_workers.Snapshot().Select(worker => worker.CommitAsync(cancellationToken)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var commits = CommitPeriodicallyAsync(stop.Token);
        try
        {
            await ConsumeAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
        finally
        {
            await stop.CancelAsync();
            await commits;
        }
    }

    /// <summary>Joins the group again when it is put out of it: orders that are late are no reason to stop the silo.</summary>
    private async Task ConsumeAsync(CancellationToken stop)
    {
        var retry = new RetryDelay(
            TimeSpan.FromSeconds(_parts.Options.RetryDelaySeconds), TimeSpan.FromSeconds(_parts.Options.RetryDelaySecondsMax), _parts.Time, JitterOf(-1));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                GroupFailure = null;
                await _log.ConsumeAsync(_parts.Options.Group, this, stop);
            }
            catch (EventLogException failure)
            {
                GroupFailure = failure.Message;
                LogOutOfGroup(failure, _parts.Options.Group, retry.Next);
                await retry.WaitAsync(stop);
            }
        }
    }

    private async Task CommitPeriodicallyAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_parts.Options.CommitIntervalSeconds), _parts.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await CommitAsync(stop);
                }
                catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
                {
                    // Whatever it was: the orders are in the store, and the next commit includes these. No further commits would be worse.
                    LogCommitFailed(failure);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Giving up a partition makes its last commit.
        }
    }

    /// <summary>Differs between processes and partitions, so that they do not come back to a store that was down all at once.</summary>
    private static Random JitterOf(int partition) => new(unchecked((int)StableHash.Of(string.Create(
        CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{partition}"))));

    [LoggerMessage(Level = LogLevel.Information, Message = "Orders of partition {Partition} catch up on {Records} records, to offset {End}")]
    private partial void LogCatchingUp(int partition, long records, long end);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Orders of partition {Partition} committed and given up")]
    private partial void LogRevoked(int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orders of partition {Partition} lost to another member, which reads the last ones again")]
    private partial void LogLost(int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Not in group '{Group}'; again in {Delay} at the most")]
    private partial void LogOutOfGroup(Exception failure, string group, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Offsets of orders could not be committed; the next commit includes them")]
    private partial void LogCommitFailed(Exception failure);
}
