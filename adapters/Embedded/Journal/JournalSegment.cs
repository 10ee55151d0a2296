using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>A place in a segment: the record of this offset begins at this byte.</summary>
internal readonly record struct JournalPlace(long Offset, long Position);

/// <summary>
/// One file of a partition, its durable length, and a sparse index of it. The index of the segment being written grows with it;
/// that of an older one is made by reading it when somebody first seeks into it, so that opening needs no look at it.
/// </summary>
internal sealed class JournalSegment
{
    private readonly Lock _gate = new();
    private readonly int _indexIntervalBytes;
    private List<JournalPlace>? _index;
    private long _durableBytes;

    public JournalSegment(SegmentFile file, int indexIntervalBytes, bool hasIndex)
    {
        (File, _indexIntervalBytes, _durableBytes) = (file, indexIntervalBytes, file.Bytes);
        _index = hasIndex ? [new JournalPlace(file.Base, 0)] : null;
    }

    public SegmentFile File { get; }

    public long FirstOffset => File.Base;

    public long DurableBytes => Volatile.Read(ref _durableBytes);

    /// <summary>A record (or the first of a group) begins here.</summary>
    public void Note(long offset, long position)
    {
        lock (_gate)
        {
            if (_index is { } index && position - index[^1].Position >= _indexIntervalBytes)
            {
                index.Add(new JournalPlace(offset, position));
            }
        }
    }

    public void Grow(long durableBytes) => Volatile.Write(ref _durableBytes, durableBytes);

    /// <summary>The last indexed place that is not past the offset.</summary>
    public JournalPlace Floor(long offset)
    {
        lock (_gate)
        {
            _index ??= BuildIndex();
            var (low, high) = (0, _index.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                (low, high) = _index[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
            }

            return _index[low];
        }
    }

    private List<JournalPlace> BuildIndex()
    {
        var index = new List<JournalPlace> { new(File.Base, 0) };
        var offset = File.Base;
        SegmentRecovery.Scan(File with { Bytes = DurableBytes }, (_, position, _) =>
        {
            if (position - index[^1].Position >= _indexIntervalBytes)
            {
                index.Add(new JournalPlace(offset, position));
            }

            offset++;
        });
        return index;
    }
}
