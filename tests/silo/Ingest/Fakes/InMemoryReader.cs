using Reco.Core.Ports;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>Holds its caller to the contract: values are overwritten at the next read, one task reads, and who lost a partition commits nothing.</summary>
internal sealed class InMemoryReader(InMemoryPartition partition) : IPartitionReader
{
    private readonly List<LogRecord> _records = [];
    private readonly List<byte[]> _values = [];
    private long _offset = partition.CommittedOffset;
    private int _reading;

    public bool IsFenced { get; set; }

    public bool IsLost { get; set; }

    public int Partition => partition.Number;

    public CommittedPosition? Committed => partition.Committed;

    public long FirstOffset => 0;

    public long EndOffset => partition.EndOffset;

    public void Seek(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, FirstOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, EndOffset);
        Enter();
        _offset = offset;
        Leave();
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            Invalidate();
            for (var changed = partition.Changed(); _offset >= EndOffset && !IsFenced; changed = partition.Changed())
            {
                await changed.WaitAsync(cancellationToken);
                ThrowIfFaulty();
            }

            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfFenced();
            ThrowIfFaulty();

            var count = Math.Min(Math.Clamp(partition.Log.LimitRead(maxRecords), 1, maxRecords), EndOffset - _offset);
            for (var i = 0; i < count; i++)
            {
                var (value, appendedAtMs) = partition.At(_offset);
                var copy = value.ToArray();
                _values.Add(copy);
                _records.Add(new LogRecord(_offset++, appendedAtMs, copy));
            }

            return _records;
        }
        finally
        {
            Leave();
        }
    }

    public async ValueTask CommitAsync(CommittedPosition position, CancellationToken cancellationToken)
    {
        await partition.Log.BeforeCommit(Partition);
        ThrowIfFenced();
        if (IsLost)
        {
            partition.Log.Violations.Enqueue($"partition {Partition}: commit of {position} after it was lost");
        }

        if (position.NextOffset > EndOffset || position.NextOffset < partition.CommittedOffset)
        {
            partition.Log.Violations.Enqueue($"partition {Partition}: commit of {position} outside {partition.CommittedOffset} to {EndOffset}");
        }

        var fault = partition.Log.OnCommit(Partition);
        if (fault != Fault.Before)
        {
            if (partition.Log.CheckCommit(Partition, position) is { } wrong)
            {
                partition.Log.Violations.Enqueue($"partition {Partition}: commit of {position}: {wrong}");
            }

            partition.Commit(position);
        }

        if (fault != Fault.None)
        {
            throw partition.Log.CommitFailure();
        }
    }

    /// <summary>Who still looks at the last batch sees rubbish.</summary>
    private void Invalidate()
    {
        _values.ForEach(value => value.AsSpan().Fill((byte)'#'));
        _values.Clear();
        _records.Clear();
    }

    private void ThrowIfFaulty()
    {
        if (partition.Log.OnRead(Partition) != Fault.None)
        {
            throw new EventLogException("the read was made to fail");
        }
    }

    private void ThrowIfFenced()
    {
        if (IsFenced)
        {
            throw new EventLogException($"partition {Partition} is not this member's any more");
        }
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            partition.Log.Violations.Enqueue($"partition {Partition}: read or moved by two tasks at a time");
        }
    }

    private void Leave() => Volatile.Write(ref _reading, 0);
}
