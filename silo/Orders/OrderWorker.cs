using Reco.Core.Ports;
using Reco.Silo.Partitions;

namespace Reco.Silo.Orders;

/// <summary>
/// Takes one partition's purchases from the log to the order store. Its position moves only when the store has them durably, and only a
/// position is ever committed; whatever fails, it waits and reads again from there. The store makes the repetition harmless.
/// </summary>
internal sealed partial class OrderWorker : IPartitionWorker
{
    private readonly IPartitionReader _reader;
    private readonly OrderSinkParts _parts;
    private readonly RetryDelay _retry;
    private readonly OrderBatch _batch = new(long.MinValue);
    private readonly CommitGate _commitGate = new();
    private readonly CancellationTokenSource _abandon;
    private Progress _done;
    private long _failedAt = -1;
    private string? _failure;
    private string? _commitFailure;

    public OrderWorker(IPartitionReader reader, OrderSinkParts parts, Random jitter)
    {
        (_reader, _parts) = (reader, parts);
        _retry = new RetryDelay(
            TimeSpan.FromSeconds(parts.Options.RetryDelaySeconds), TimeSpan.FromSeconds(parts.Options.RetryDelaySecondsMax), parts.Time, jitter);
        _abandon = new CancellationTokenSource(Timeout.InfiniteTimeSpan, parts.Time);
        var committed = reader.Committed;
        _done = new Progress(committed?.NextOffset ?? reader.FirstOffset, committed?.MaxEventTimeMs ?? long.MinValue);
    }

    public int Partition => _reader.Partition;

    public long Lag => _reader.EndOffset - Done.NextOffset;

    public string? Failure => Volatile.Read(ref _failure) ?? Volatile.Read(ref _commitFailure);

    private Progress Done => Volatile.Read(ref _done);

    public async Task RunAsync(CancellationToken stop)
    {
        // A transaction under way gets some time to end; a wait for the store, or for records, gets none.
        using var registration = stop.Register(() => _abandon.CancelAfter(TimeSpan.FromSeconds(_parts.Options.StopWaitSeconds)));
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Seek();
                await ReadAndWriteAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it was, the log still holds every purchase: say so, wait, and read on from what is done.
                _failedAt = Done.NextOffset;
                Volatile.Write(ref _failure, failure.Message);
                _parts.Metrics.Retried(Partition);
                LogRetry(_parts.Logger, failure.Message, Partition, _failedAt, _retry.Next);
                try
                {
                    await _retry.WaitAsync(stop);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
            }
        }
    }

    /// <summary>The partition is another member's: a transaction under way is given up, and once this has ended nothing more is committed.</summary>
    public async Task AbandonAsync(CancellationToken cancellationToken)
    {
        var abandoned = _commitGate.AbandonAsync(cancellationToken);
        await _abandon.CancelAsync();
        await abandoned;
    }

    /// <summary>Commits what is done, if anything is new.</summary>
    /// <exception cref="EventLogException">It could not be committed; the store has the orders all the same.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _commitGate.TryAsync(() => CommitDoneAsync(cancellationToken), cancellationToken);
            Volatile.Write(ref _commitFailure, null);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Volatile.Write(ref _commitFailure, failure.Message);
            throw;
        }
    }

    private async Task CommitDoneAsync(CancellationToken cancellationToken)
    {
        var done = Done;
        if (done.NextOffset > (_reader.Committed?.NextOffset ?? _reader.FirstOffset))
        {
            var now = _parts.Time.GetUtcNow().ToUnixTimeMilliseconds();
            await _reader.CommitAsync(new CommittedPosition(done.NextOffset, done.MaxEventTimeMs, now), cancellationToken);
        }
    }

    /// <summary>To what is not done yet; further, when the log's retention did not wait for us.</summary>
    private void Seek()
    {
        var (done, first) = (Done, _reader.FirstOffset);
        if (done.NextOffset < first)
        {
            LogRetention(_parts.Logger, first - done.NextOffset, Partition, first);
            Volatile.Write(ref _done, done with { NextOffset = first });
        }

        _reader.Seek(Done.NextOffset);
    }

    private async Task ReadAndWriteAsync(CancellationToken stop)
    {
        while (true)
        {
            NoteRecovery();
            var next = await ReadBatchAsync(stop);
            var hadPurchases = _batch.Purchases.Count > 0;
            if (hadPurchases)
            {
                await WriteAsync(stop);
            }

            Volatile.Write(ref _done, new Progress(next, _batch.MaxEventTimeMs));
            if (hadPurchases && Lag < _parts.Options.BatchRecordsMax)
            {
                await _parts.Times.NextAsync(TimeSpan.FromMilliseconds(_parts.Options.BatchDelayMilliseconds), stop);
            }
        }
    }

    /// <summary>Fills the batch with what the log has now, waiting only for the first record; answers the offset behind it.</summary>
    private async Task<long> ReadBatchAsync(CancellationToken stop)
    {
        _batch.Clear(Done.MaxEventTimeMs);
        var (read, max) = (0, _parts.Options.BatchRecordsMax);
        var end = _reader.EndOffset;
        long next;
        do
        {
            var records = await _reader.ReadAsync(max - read, stop);
            for (var i = 0; i < records.Count; i++)
            {
                _batch.Add(records[i]);
            }

            read += records.Count;
            next = records[^1].Offset + 1;
        }
        while (read < max && next < end);
        return next;
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        foreach (var refused in await _parts.Writes.AddAsync(_batch.Purchases, stop, _abandon.Token))
        {
            LogRefused(_parts.Logger, Partition, _batch.Purchases[refused.Index].EventId, refused.Reason);
            await _parts.DeadLetters.AppendAsync(_batch.LetterOf(Partition, refused), _abandon.Token);
        }
    }

    /// <summary>A failure is put right once the worker has come past it, or nothing is left to do. Only the former ends the doubling of the waits.</summary>
    private void NoteRecovery()
    {
        var position = Done.NextOffset;
        var isPast = position > _failedAt;
        if (isPast)
        {
            _retry.Reset();
        }

        if (Volatile.Read(ref _failure) is not null && (isPast || position >= _reader.EndOffset))
        {
            Volatile.Write(ref _failure, null);
            LogRecovered(_parts.Logger, Partition, position);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Orders of partition {Partition} wait at offset {Offset}, {Delay} at the most: {Reason}")]
    private static partial void LogRetry(ILogger logger, string reason, int partition, long offset, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "Orders of partition {Partition} go on at offset {Offset}")]
    private static partial void LogRecovered(ILogger logger, int partition, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Purchase {EventId} of partition {Partition} goes to the dead letters: {Reason}")]
    private static partial void LogRefused(ILogger logger, int partition, string eventId, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The log's retention has dropped {Records} records of partition {Partition} that had not become orders; they go on at {First}")]
    private static partial void LogRetention(ILogger logger, long records, int partition, long first);

    /// <summary>Everything below the offset is in the store.</summary>
    private sealed record Progress(long NextOffset, long MaxEventTimeMs);
}
