using Reco.Core.Ingest;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Silo.Partitions;
using Reco.Silo.Serving;

namespace Reco.Silo.Ingest;

/// <summary>
/// Takes one partition from the log to the grains: decode, validate, drop duplicates, group, call. Design rule: a batch is handed over
/// completely before the next one is read, so that an event is never applied ahead of one that came before it.
/// </summary>
internal sealed partial class PartitionWorker(
    IPartitionReader reader,
    IDeadLetterLog deadLetters,
    StreamClock clock,
    IngestOptions options,
    IngestBudget budget,
    TimeSpan allowedLateness,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger logger,
    UserActivity? activity = null) : IPartitionWorker
{
    private readonly long _allowedLatenessMs = (long)allowedLateness.TotalMilliseconds;
    private readonly RetryDelay _retry = new(
        TimeSpan.FromSeconds(options.RetryDelaySeconds), TimeSpan.FromSeconds(options.RetryDelaySecondsMax), time);
    private readonly SemaphoreSlim _batchGate = new(1, 1);
    private readonly CommitGate _commitGate = new();
    private readonly EventBatch _batch = new();
    private readonly List<DeadLetter> _letters = [];
    private readonly IdPool _pool = new();
    private readonly BatchAnswers _answers = new();
    private readonly SentOffsets _users = new();
    private readonly SentOffsets _products = new();

    private DuplicateWindow? _duplicates;
    private long _duplicatesEnd;
    private CancellationTokenSource _pass = new();
    private long _position;
    private long _failedAt = -1;
    private long _watermarkMs = long.MinValue;
    private string? _failure;
    private string? _checkpointFailure;

    public int Partition => reader.Partition;

    /// <summary>Records in the log that are not applied yet.</summary>
    public long Lag => reader.EndOffset - Volatile.Read(ref _position);

    /// <summary>
    /// What went wrong last, while it has not been put right: for a batch by getting past it, for a checkpoint by one that commits. Null when
    /// all is well.
    /// </summary>
    public string? Failure => Volatile.Read(ref _failure) ?? Volatile.Read(ref _checkpointFailure);

    /// <summary>Works until stopped. Failures are logged, reported as <see cref="Failure"/>, and answered by a rewind.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await RewindAsync(stop);
                await ProcessUntilRewindAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it was, the log still holds every event: say so, wait, and replay from the last commit.
                _failedAt = Math.Max(_failedAt, _position);
                Volatile.Write(ref _failure, failure.Message);
                metrics.Rewound(Partition);
                LogRewind(failure, Partition, reader.Committed?.NextOffset ?? reader.FirstOffset, _retry.Next);
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

    /// <summary>Between two batches: what must be confirmed before the present position may be committed; null when nothing is new.</summary>
    public async Task<PartitionSnapshot?> BeginCheckpointAsync(CancellationToken cancellationToken)
    {
        await _batchGate.WaitAsync(cancellationToken);
        try
        {
            if (_position <= (reader.Committed?.NextOffset ?? reader.FirstOffset))
            {
                Volatile.Write(ref _checkpointFailure, null);
                return null;
            }

            return new PartitionSnapshot(
                _users.BeginCheckpoint(),
                _products.BeginCheckpoint(),
                new CommittedPosition(_position, _watermarkMs, time.GetUtcNow().ToUnixTimeMilliseconds()));
        }
        finally
        {
            _batchGate.Release();
        }
    }

    /// <summary>The partition is another member's: once this has ended nothing is committed.</summary>
    public Task AbandonAsync(CancellationToken cancellationToken) => _commitGate.AbandonAsync(cancellationToken);

    /// <summary>Every grain has confirmed: commits.</summary>
    public async Task CommitAsync(PartitionSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _commitGate.TryAsync(() => reader.CommitAsync(snapshot.Position, cancellationToken).AsTask(), cancellationToken))
            {
                return;
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Volatile.Write(ref _checkpointFailure, failure.Message);
            throw;
        }

        Volatile.Write(ref _checkpointFailure, null);
        await _batchGate.WaitAsync(cancellationToken);
        try
        {
            _users.Confirm();
            _products.Confirm();
        }
        finally
        {
            _batchGate.Release();
        }
    }

    /// <summary>A grain gave no answer: nothing is committed, and what it was asked for is part of the next checkpoint.</summary>
    public void Postpone() => Volatile.Write(ref _checkpointFailure, "a grain could not be written; the next checkpoint tries again");

    /// <summary>A grain could not confirm: go back to the last commit after the present batch.</summary>
    public void RequestRewind()
    {
        Volatile.Write(ref _checkpointFailure, CheckpointRefusedException.Sentence);
        Volatile.Read(ref _pass).Cancel();
    }

    private async Task RewindAsync(CancellationToken stop)
    {
        await _batchGate.WaitAsync(stop);
        try
        {
            Volatile.Write(ref _pass, new CancellationTokenSource());
            var committed = reader.Committed;
            var target = Math.Max(committed?.NextOffset ?? 0, reader.FirstOffset);
            if (committed is { } behind && behind.NextOffset < target)
            {
                // Nobody can bring them back, and waiting for them would lose more.
                metrics.Missed(target - behind.NextOffset);
                LogMissed(Partition, behind.NextOffset, target - 1);
            }

            // All of it before anything can fail: a checkpoint of the old position with nothing left to confirm would commit lost events.
            _users.Clear();
            _products.Clear();
            Volatile.Write(ref _position, target);
            _watermarkMs = committed?.MaxEventTimeMs ?? long.MinValue;
            if (committed is { MaxEventTimeMs: > long.MinValue } seen)
            {
                clock.Restore(seen.MaxEventTimeMs, seen.CommittedAtMs);
            }

            await PrepareDuplicateWindowAsync(target, stop);
            reader.Seek(target);
        }
        finally
        {
            _batchGate.Release();
        }
    }

    /// <summary>
    /// Makes the duplicate window right for the position. It is a pure function of the log, so reading back gives the decisions of before the restart.
    /// </summary>
    private async Task PrepareDuplicateWindowAsync(long position, CancellationToken stop)
    {
        // A "rewind" goes ahead of the window when a checkpoint committed while the replay before it was still on its way there.
        if (_duplicates is not null && position <= _duplicatesEnd && _duplicates.CanRewindTo(position))
        {
            return;
        }

        var window = new DuplicateWindow(position, reader.FirstOffset);
        reader.Seek(window.StartOffset);
        for (var next = window.StartOffset; next < position;)
        {
            var records = await reader.ReadAsync((int)Math.Min(options.BatchRecordsMax, position - next), stop);
            await budget.ReadingBack.WaitAsync(stop);
            try
            {
                foreach (var record in records)
                {
                    if (ShopEventJson.TryRead(record.Value.Span, record.AppendedAtMs, _pool, out var shopEvent, out _))
                    {
                        window.Seen(shopEvent.EventId, record.Offset);
                    }

                    next = record.Offset + 1;
                }
            }
            finally
            {
                budget.ReadingBack.Release();
            }
        }

        (_duplicates, _duplicatesEnd) = (window, position);
    }

    private async Task ProcessUntilRewindAsync(CancellationToken stop)
    {
        using var pass = CancellationTokenSource.CreateLinkedTokenSource(stop, _pass.Token);
        while (true)
        {
            NoteRecovery();
            var isBehind = Lag >= options.BatchRecordsMax;
            IReadOnlyList<LogRecord> records;
            try
            {
                if (!isBehind)
                {
                    await budget.Pace.NextAsync(pass.Token);
                }

                records = await reader.ReadAsync(options.BatchRecordsMax, pass.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                throw new CheckpointRefusedException();
            }

            await _batchGate.WaitAsync(stop);
            try
            {
                await ProcessAsync(records, isBehind, stop);
            }
            finally
            {
                _batchGate.Release();
            }
        }
    }

    /// <summary>
    /// A failure is put right once ingest has come past the place of it, or to the end of the log. Only the former ends the doubling of the
    /// waits: the batches before a bad place succeed at every replay.
    /// </summary>
    private void NoteRecovery()
    {
        var isPast = _position > _failedAt;
        if (isPast)
        {
            _retry.Reset();
        }

        if (Volatile.Read(ref _failure) is not null && (isPast || _position >= reader.EndOffset))
        {
            Volatile.Write(ref _failure, null);
            LogRecovered(Partition, _position);
        }
    }

    private async Task ProcessAsync(IReadOnlyList<LogRecord> records, bool isBehind, CancellationToken stop)
    {
        long watermarkMs;
        await budget.Decoding.WaitAsync(stop);
        try
        {
            watermarkMs = Decode(records);
        }
        finally
        {
            budget.Decoding.Release();
        }

        foreach (var letter in _letters)
        {
            await deadLetters.AppendAsync(letter, stop);
        }

        if (_batch.Count > 0)
        {
            clock.Advance(watermarkMs);
            await HandOverAsync(isBehind);
        }

        // Together with the position, never before it: a checkpoint may come between a failed batch and its replay.
        _watermarkMs = watermarkMs;
        Volatile.Write(ref _position, records[^1].Offset + 1);
        metrics.Applied(_batch.Count);
    }

    /// <summary>Fills the batch, and the dead letters; answers the watermark behind it.</summary>
    private long Decode(IReadOnlyList<LogRecord> records)
    {
        var watermarkMs = _watermarkMs;
        _batch.Clear();
        _letters.Clear();
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            _duplicatesEnd = record.Offset + 1;
            if (!ShopEventJson.TryRead(record.Value.Span, record.AppendedAtMs, _pool, out var shopEvent, out var fault))
            {
                metrics.DeadLettered();
                LogDeadLetter(Partition, record.Offset, fault);
                _letters.Add(new DeadLetter(Partition, record.Offset, fault.ToString(), record.Value.ToArray()));
            }
            else if (_duplicates!.Seen(shopEvent.EventId, record.Offset))
            {
                metrics.DuplicateDropped();
            }
            else
            {
                watermarkMs = Math.Max(watermarkMs, shopEvent.TimestampMs);
                _batch.Add(shopEvent, record.Offset, late: shopEvent.TimestampMs < watermarkMs - _allowedLatenessMs);
            }
        }

        return watermarkMs;
    }

    private async Task HandOverAsync(bool isBehind)
    {
        var started = time.GetTimestamp();
        try
        {
            AddCalls(clock.NowMs);
        }
        finally
        {
            // Whatever happens, no call of this batch is still under way when its events are sent again.
            budget.Calls.Start();
            metrics.Quarantined(await _answers.AllAsync());
        }

        budget.Pace.Took(time.GetElapsedTime(started), isBehind);
        activity?.Saw(_batch.UserIds, clock.NowMs);
    }

    private void AddCalls(long streamTimeMs)
    {
        foreach (var (userId, slice) in _batch.UserSlices(Partition, _users, streamTimeMs))
        {
            _users.Sent(userId, slice.Events[^1].Offset);
            budget.Calls.Add(userId, slice, _answers);
        }

        foreach (var (productId, slice) in _batch.ProductSlices(Partition, _products, streamTimeMs))
        {
            _products.Sent(productId, slice.Events[^1].Offset);
            budget.Calls.Add(productId, slice, _answers);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} goes back to offset {Offset} in {Delay}")]
    private partial void LogRewind(Exception failure, int partition, long offset, TimeSpan delay);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Partition {Partition}: records {First} to {Last} left the log before they were counted. The log's retention is too short, or ingest was away too long")]
    private partial void LogMissed(int partition, long first, long last);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} is well again at offset {Offset}")]
    private partial void LogRecovered(int partition, long offset);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} offset {Offset} goes to the dead letters: {Fault}")]
    private partial void LogDeadLetter(int partition, long offset, EventFault fault);
}

/// <summary>A checkpoint found that a grain's state does not include what was sent to it.</summary>
internal sealed class CheckpointRefusedException() : Exception(Sentence)
{
    public const string Sentence = "a grain could not confirm what it was sent";
}
