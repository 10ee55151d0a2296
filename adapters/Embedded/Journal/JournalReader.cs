using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>
/// Reads one partition for one group. Values are slices of one large buffer that is filled by one read of the file at a time; every
/// record's checksum is looked at again on the way.
/// </summary>
internal sealed class JournalReader(
    JournalPartition partition, int number, string group, JournalCommits commits, JournalOptions options, CancellationToken closed)
    : IPartitionReader, IDisposable
{
    private readonly List<LogRecord> _records = [];
    private long _offset = commits.Get(group, number)?.NextOffset ?? partition.FirstOffset;
    private JournalSegment? _segment;
    private FrameReader? _frames;
    private volatile bool _isRevoked;

    public int Partition => number;

    public CommittedPosition? Committed => commits.Get(group, number);

    public long FirstOffset => partition.FirstOffset;

    public long EndOffset => partition.EndOffset;

    public void Seek(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, FirstOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, EndOffset);
        _offset = offset;
        Release();
    }

    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        _records.Clear();
        ThrowIfRevoked();
        if (_offset >= EndOffset)
        {
            await WaitAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            Take(maxRecords);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Release();
            throw new EventLogException($"Partition {number} cannot be read at offset {_offset}: {e.Message}", e);
        }

        return _records;
    }

    public async ValueTask CommitAsync(CommittedPosition position, CancellationToken cancellationToken)
    {
        ThrowIfRevoked();
        ArgumentOutOfRangeException.ThrowIfNegative(position.NextOffset, nameof(position));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position.NextOffset, EndOffset, nameof(position));
        try
        {
            await commits.CommitAsync(group, number, position, cancellationToken);
        }
        catch (IOException e)
        {
            throw new EventLogException($"Group '{group}' could not commit partition {number}: {e.Message}", e);
        }

        if (options.RetentionBytes is { } kept && commits.Lowest(number) is { } lowest)
        {
            partition.DropBefore(lowest, kept);
        }
    }

    /// <summary>The partition is the group's no more.</summary>
    public void Revoke() => _isRevoked = true;

    /// <summary>Ends reading; only when nobody reads any more.</summary>
    public void Dispose() => Release();

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed);
        try
        {
            await partition.WaitAsync(_offset, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EventLogException($"Group '{group}' does not own partition {number} any more: the reader has ended.");
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Takes what the buffer holds, filling it only when it holds no whole record, since that moves the values.</summary>
    private void Take(int maxRecords)
    {
        if (_frames is null)
        {
            Locate();
        }

        while (_records.Count < maxRecords)
        {
            switch (_frames!.Next())
            {
                case FrameState.Good:
                    _records.Add(JournalAppend.Decode(_offset++, _frames.Payload));
                    break;
                case FrameState.Bad when _records.Count == 0:
                    _frames.ThrowIfDamaged();
                    break;
                default:
                    if (_records.Count > 0)
                    {
                        return;
                    }

                    ReadOn();
                    break;
            }
        }
    }

    private void ReadOn()
    {
        var following = partition.Following(_segment!); // Before the length: a segment that has a follower grows no more.
        _frames!.End = _segment!.DurableBytes;
        if (_frames.Fill())
        {
            return;
        }

        _frames.ThrowIfDamaged();
        if (following is null || following.FirstOffset != _offset)
        {
            throw following is null
                ? new StorageException($"'{_segment.File.Path}' ends before offset {_offset}, which was durable.")
                : partition.Missing(following, _offset);
        }

        Open(following, 0);
    }

    private void Locate()
    {
        var segment = partition.SegmentOf(_offset);
        if (_offset < segment.FirstOffset)
        {
            throw new StorageException($"retention has dropped it; the log begins at {segment.FirstOffset} now. Seek there.");
        }

        var floor = segment.Floor(_offset);
        Open(segment, floor.Position);
        for (var offset = floor.Offset; offset < _offset; offset++)
        {
            if (!_frames!.MoveNext())
            {
                _frames.ThrowIfDamaged();
                throw new StorageException($"'{segment.File.Path}' ends at offset {offset}, before {_offset}.");
            }
        }
    }

    private void Open(JournalSegment segment, long position)
    {
        Release();
        _frames = new FrameReader(segment.File.Path, segment.FirstOffset, position, segment.DurableBytes, options.ReadBufferBytes);
        _segment = segment;
    }

    private void Release()
    {
        _frames?.Dispose();
        (_frames, _segment) = (null, null);
    }

    private void ThrowIfRevoked()
    {
        if (_isRevoked)
        {
            throw new EventLogException($"Group '{group}' does not own partition {number} any more.");
        }
    }
}
