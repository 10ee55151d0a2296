using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>What the partitions of a journal share.</summary>
internal sealed record JournalContext(
    JournalOptions Options, IStorageDevice Device, TimeProvider Clock, StorageMetrics Metrics, ILogger Logger);

/// <summary>One partition: its segments, its writer, and the signal that wakes its readers.</summary>
internal sealed class JournalPartition : IFrameSink, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly JournalContext _context;
    private readonly AsyncSignal _appended = new();
    private readonly GroupCommitWriter _writer;
    private JournalSegment[] _segments;
    private long _endOffset;

    public JournalPartition(string folder, JournalContext context)
    {
        (_folder, _context) = (folder, context);
        var options = context.Options;
        JournalSegment? last = null;
        var lastOffset = 0L;
        var found = SegmentRecovery.Open(
            context.Device, folder, options.VerifyAtOpen, Index, context.Logger);
        _segments = [.. found.Segments.Select(file => new JournalSegment(file, options.IndexIntervalBytes, hasIndex: false))];
        if (last is not null && last.FirstOffset == _segments[^1].FirstOffset)
        {
            last.Grow(found.Segments[^1].Bytes);
            _segments[^1] = last;
        }
        else
        {
            _segments[^1] = new JournalSegment(found.Segments[^1], options.IndexIntervalBytes, hasIndex: true);
        }

        (Cut, _endOffset) = (found.Cut, found.NextOrdinal);
        _writer = new GroupCommitWriter(
            new WriterSettings("journal", folder, options.SegmentBytes, options.QueueBytes),
            found, context.Device, this, context.Metrics, context.Logger);

        void Index(SegmentFile file, long position, ReadOnlyMemory<byte> payload)
        {
            if (last?.FirstOffset != file.Base)
            {
                last = new JournalSegment(file, options.IndexIntervalBytes, hasIndex: true);
                lastOffset = file.Base;
            }

            last.Note(lastOffset++, position);
        }
    }

    public TailCut? Cut { get; }

    public StorageException? Failure => _writer.Failure;

    public long FirstOffset => Segments[0].FirstOffset;

    /// <summary>Records before it are durable.</summary>
    public long EndOffset => Volatile.Read(ref _endOffset);

    public IReadOnlyList<JournalSegment> Segments => Volatile.Read(ref _segments);

    public Task AppendAsync(JournalAppend append, CancellationToken cancellationToken) => _writer.AppendAsync(append, cancellationToken);

    /// <summary>Returns when the record at the offset is durable.</summary>
    public async ValueTask WaitAsync(long offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            var appended = _appended.Next();
            if (offset < EndOffset)
            {
                return;
            }

            await appended.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The segment that holds the offset, which lies between <see cref="FirstOffset"/> and <see cref="EndOffset"/>.</summary>
    public JournalSegment SegmentOf(long offset)
    {
        var segments = Segments;
        var i = segments.Count - 1;
        while (i > 0 && segments[i].FirstOffset > offset)
        {
            i--;
        }

        return segments[i];
    }

    /// <summary>The segment after this one; null when it is the last.</summary>
    public JournalSegment? Following(JournalSegment segment)
    {
        foreach (var other in Segments)
        {
            if (other.FirstOffset > segment.FirstOffset)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Drops whole segments, oldest first, that lie before the offset and that the kept bytes do not need.</summary>
    public void DropBefore(long offset, long keptBytesMin)
    {
        lock (_gate)
        {
            var kept = _segments.Sum(s => s.DurableBytes);
            while (_segments.Length > 1 && _segments[1].FirstOffset <= offset && kept - _segments[0].DurableBytes >= keptBytesMin)
            {
                var dropped = _segments[0];
                kept -= dropped.DurableBytes;
                Volatile.Write(ref _segments, _segments[1..]);
                _context.Device.Delete(dropped.File.Path);
                StorageLog.Dropped(_context.Logger, dropped.File.Path, FirstOffset);
            }
        }
    }

    /// <summary>Reads and checks every record; answers how many there are.</summary>
    public long Verify(CancellationToken cancellationToken)
    {
        var segments = Segments;
        var next = segments[0].FirstOffset;
        foreach (var segment in segments)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (segment.FirstOffset != next)
            {
                throw Missing(segment, next);
            }

            next += SegmentRecovery.Scan(segment.File with { Bytes = segment.DurableBytes }, null);
        }

        return next - segments[0].FirstOffset;
    }

    public StorageException Missing(JournalSegment following, long offset) =>
        new($"'{_folder}' lacks the records {offset} to {following.FirstOffset - 1}, before '{following.File.Path}'. "
            + "Restore the missing segment from a copy.");

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    public void Abandon() => _writer.Abandon();

    void IFrameSink.Rolled(SegmentFile segment)
    {
        var begun = new JournalSegment(segment, _context.Options.IndexIntervalBytes, hasIndex: true);
        lock (_gate)
        {
            Volatile.Write(ref _segments, [.. _segments, begun]);
        }
    }

    void IFrameSink.Durable(FrameGroup group)
    {
        var segment = Segments[^1];
        segment.Note(group.FirstOrdinal, group.Start);
        segment.Grow(group.End);
        Volatile.Write(ref _endOffset, group.NextOrdinal); // Last: readers look at it first.
        _appended.Pulse();
    }
}
