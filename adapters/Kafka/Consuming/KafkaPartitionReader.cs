using Confluent.Kafka;
using Reco.Adapters.Kafka.Native;
using Reco.Core.Ports;

namespace Reco.Adapters.Kafka.Consuming;

/// <summary>One partition while this member owns it.</summary>
internal sealed class KafkaPartitionReader(KafkaMembership membership, int partition, PartitionQueue queue, PartitionStart start)
    : IPartitionReader, IDisposable
{
    private static readonly TimeSpan SeekRetry = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CommitRetry = TimeSpan.FromMilliseconds(50);
    private readonly List<LogRecord> _records = [];
    private readonly CancellationTokenSource _revoked = new();
    private CommittedBox? _committed = start.Committed is { } position ? new CommittedBox(position) : null;
    private long _firstOffset = start.FirstOffset;
    private long _next = start.Committed?.NextOffset ?? start.FirstOffset;
    private long _gapSeenAt = -1;
    private bool _isPlaced;
    private bool _isStopped;

    public int Partition => partition;

    public CommittedPosition? Committed => Volatile.Read(ref _committed)?.Position;

    public long FirstOffset => Volatile.Read(ref _firstOffset);

    public long EndOffset => membership.Ends[partition];

    /// <summary>Records between what was read and the end.</summary>
    public long Lag => Math.Max(0, EndOffset - Volatile.Read(ref _next));

    public void Seek(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, FirstOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, EndOffset);
        if (offset != _next)
        {
            (_isPlaced, _gapSeenAt) = (false, -1);
            Volatile.Write(ref _next, offset);
        }
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        while (true)
        {
            ThrowIfRevoked();
            cancellationToken.ThrowIfCancellationRequested();
            if (!_isPlaced)
            {
                await PlaceAsync(cancellationToken);
            }

            var filled = queue.Filled.Next(); // Before looking: what comes after the look pulses it.
            _records.Clear();
            Take(maxRecords);
            if (_records.Count > 0 && KeepUnbroken())
            {
                Volatile.Write(ref _next, _records[^1].Offset + 1);
                membership.Ends.Raise(partition, _next);
                membership.Metrics.Consumed(membership.Group, partition, _records.Count);
                return _records;
            }

            if (_isPlaced)
            {
                await WaitAsync(filled, cancellationToken);
            }
        }
    }

    public async ValueTask CommitAsync(CommittedPosition position, CancellationToken cancellationToken)
    {
        ThrowIfRevoked();
        ArgumentOutOfRangeException.ThrowIfNegative(position.NextOffset, nameof(position));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.NextOffset, EndOffset, nameof(position));
        var since = membership.Time.GetTimestamp();
        while (true)
        {
            try
            {
                // Until the coordinator answers, for RequestTimeoutSeconds at most.
                await OwnThread.RunAsync(() => membership.Commit(partition, position), cancellationToken);
                break;
            }
            catch (KafkaException e) when (membership.IsPassing(e.Error.Code, since))
            {
                await Task.Delay(CommitRetry, membership.Time, cancellationToken);
                ThrowIfRevoked();
            }
            catch (Exception e) when (e is KafkaException or ObjectDisposedException)
            {
                throw new EventLogException(
                    $"Group '{membership.Group}' could not commit offset {position.NextOffset} of partition {partition}: {e.Message}", e);
            }
        }

        Volatile.Write(ref _committed, new CommittedBox(position));
    }

    /// <summary>What the brokers say about the partition's ends.</summary>
    public void Saw(WatermarkOffsets offsets)
    {
        if (offsets.Low.Value >= 0)
        {
            Volatile.Write(ref _firstOffset, offsets.Low.Value);
        }

        membership.Ends.Raise(partition, offsets.High.Value);
    }

    /// <summary>Looks again, should a pulse have been missed.</summary>
    public void Wake() => queue.Filled.Pulse();

    /// <summary>The partition is the group's no more: reads end, commits are refused.</summary>
    public void Revoke() => _ = _revoked.CancelAsync(); // Readers must not go on on the group's own thread, as Cancel would let them.

    public void Dispose()
    {
        Revoke();
        queue.Dispose();
    }

    private void Take(int maxRecords)
    {
        try
        {
            queue.Take(_next, maxRecords, _records);
        }
        catch (KafkaException e)
        {
            _isPlaced = false;
            if (e.Error.Code == ErrorCode.Local_AutoOffsetReset)
            {
                throw NoLongerThere(e);
            }

            throw new EventLogException($"Partition {partition} cannot be read at offset {_next}: {e.Message}", e);
        }
    }

    /// <summary>The place is outside the log. librdkafka has stopped fetching the partition, and does not begin again for a seek.</summary>
    private EventLogException NoLongerThere(KafkaException failure)
    {
        _isStopped = true;
        try
        {
            Volatile.Write(ref _firstOffset, membership.Watermarks(partition).Low.Value);
        }
        catch (KafkaException unknown)
        {
            return new EventLogException($"Partition {partition} cannot be read at offset {_next}, and where it begins is not known: {unknown.Message}", failure);
        }

        return new EventLogException(
            $"Partition {partition} begins at offset {FirstOffset} and cannot be read at {_next}: the topic's retention is shorter than this reader was behind.", failure);
    }

    /// <summary>
    /// Cuts the records at the first gap and reads again from there. A gap that is still there the second time is real - transaction
    /// markers, compaction or retention leave some - and is read over; a lost record would not be.
    /// </summary>
    private bool KeepUnbroken()
    {
        var unbroken = 0;
        while (unbroken < _records.Count && _records[unbroken].Offset == _next + unbroken)
        {
            unbroken++;
        }

        if (unbroken == _records.Count)
        {
            return true;
        }

        if (unbroken > 0)
        {
            _records.RemoveRange(unbroken, _records.Count - unbroken);
            _isPlaced = false;
            return true;
        }

        if (_gapSeenAt != _next)
        {
            _gapSeenAt = _next;
            _isPlaced = false;
            return false;
        }

        membership.LogGap(partition, _next, _records[0].Offset);
        Volatile.Write(ref _next, _records[0].Offset);
        return KeepUnbroken();
    }

    private async Task PlaceAsync(CancellationToken cancellationToken)
    {
        var since = membership.Time.GetTimestamp();
        while (true)
        {
            try
            {
                queue.Forget();
                Action<int, long> place = _isStopped ? membership.StartAgain : membership.Seek;
                await OwnThread.RunAsync(() => place(partition, _next), cancellationToken);
                (_isStopped, _isPlaced) = (false, true);
                return;
            }
            catch (KafkaException e) when (
                e.Error.Code is ErrorCode.Local_State or ErrorCode.Local_InProgress or ErrorCode.Local_PrevInProgress
                && membership.Time.GetElapsedTime(since) < membership.Options.RequestTimeout)
            {
                // Just assigned: its fetching has not begun yet.
                await Task.Delay(SeekRetry, membership.Time, cancellationToken);
                ThrowIfRevoked();
            }
            catch (Exception e) when (e is KafkaException or ObjectDisposedException)
            {
                throw new EventLogException($"Partition {partition} could not be moved to offset {_next}: {e.Message}", e);
            }
        }
    }

    private async Task WaitAsync(Task filled, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _revoked.Token);
        try
        {
            await filled.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfRevoked();
            throw;
        }
    }

    private void ThrowIfRevoked()
    {
        if (_revoked.IsCancellationRequested)
        {
            throw new EventLogException($"Group '{membership.Group}' does not own partition {partition} in this process any more.");
        }
    }

    /// <summary>A position is too large to be written at once.</summary>
    private sealed record CommittedBox(CommittedPosition Position);
}

/// <summary>Where a partition stands when it is assigned.</summary>
internal sealed record PartitionStart(CommittedPosition? Committed, long FirstOffset, long EndOffset);
