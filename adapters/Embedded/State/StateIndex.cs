using System.Diagnostics.CodeAnalysis;

namespace Reco.Adapters.Embedded.State;

/// <summary>Where a record's frame stands.</summary>
internal readonly record struct StatePlace(StateSegment Segment, long Position, int FrameBytes);

/// <summary>The newest accepted write of a key.</summary>
/// <param name="Place">Its frame.</param>
/// <param name="Pending">The value itself while it is not yet known to be on the disk.</param>
internal readonly record struct StateFound(StatePlace Place, byte[]? Pending);

/// <summary>
/// Key to newest record, and how much of each segment is still needed. All in memory; every method takes one lock for a moment.
///
/// A removal is a record too (a tombstone) and has to outlive every older record of its key, or a restart would bring the key back.
/// So the index counts each key's records on disk: a tombstone that is the only one left is garbage, and the entry goes with it.
/// </summary>
internal sealed class StateIndex(string folder)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, StateSegment> _segments = [];
    private long _lastVersion;

    public long NextVersion() => Interlocked.Increment(ref _lastVersion);

    /// <summary>A record now stands (or will, when its group is durable) at a place; it holds unless a newer one does.</summary>
    public void Accept(string key, long version, bool isTombstone, long segment, long position, int frameBytes, byte[]? pending)
    {
        lock (_gate)
        {
            if (version > Interlocked.Read(ref _lastVersion))
            {
                _lastVersion = version; // Recovery only: every other version came from NextVersion.
            }

            var place = new StatePlace(SegmentOf(segment), position, frameBytes);
            place.Segment.Bytes += frameBytes;
            if (!_entries.TryGetValue(key, out var entry))
            {
                _entries.Add(key, entry = new Entry { Version = long.MinValue });
            }

            entry.Records++;
            if (version > entry.Version)
            {
                entry.Uncount();
                (entry.Version, entry.IsTombstone, entry.Place, entry.Pending) = (version, isTombstone, place, pending);
            }

            entry.Recount();
        }
    }

    /// <summary>The write is durable: its value can be read from the file.</summary>
    public void Settle(string key, long version)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry) && entry.Version == version)
            {
                entry.Pending = null;
            }
        }
    }

    public bool TryFind(string key, out StateFound found)
    {
        lock (_gate)
        {
            var there = _entries.TryGetValue(key, out var entry) && !entry.IsTombstone;
            found = there ? new StateFound(entry!.Place, entry.Pending) : default;
            return there;
        }
    }

    /// <summary>Whether any record of the key is on the disk or on its way there.</summary>
    public bool Knows(string key)
    {
        lock (_gate)
        {
            return _entries.ContainsKey(key);
        }
    }

    public List<string> Keys(string prefix)
    {
        lock (_gate)
        {
            return [.. from e in _entries where !e.Value.IsTombstone && e.Key.StartsWith(prefix, StringComparison.Ordinal) select e.Key];
        }
    }

    /// <summary>Whether the frame at this place must survive its segment.</summary>
    public bool IsNeeded(string key, long version, long segment, long position)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) && entry.IsAt(version, segment, position) && entry.IsLive;
        }
    }

    /// <summary>A compacted copy is durable; the entry points to it from now on, unless a newer write came between.</summary>
    public void Move(string key, long version, long fromSegment, long fromPosition, long toSegment, long toPosition)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry) && entry.IsAt(version, fromSegment, fromPosition))
            {
                entry.Uncount();
                entry.Place = entry.Place with { Segment = SegmentOf(toSegment), Position = toPosition };
                entry.Recount();
            }
        }
    }

    /// <summary>The segment's file is gone for good, and with it one record of each of these keys for each time it is named.</summary>
    public void Forget(StateSegment segment, IEnumerable<string> recordKeys)
    {
        lock (_gate)
        {
            _segments.Remove(segment.Base);
            foreach (var key in recordKeys)
            {
                var entry = _entries[key];
                entry.Records--;
                entry.Recount();
                if (entry.Records == 0)
                {
                    _entries.Remove(key);
                }
            }
        }

        segment.Dispose();
    }

    /// <summary>The closed segment with the most garbage, if it has reached the ratio.</summary>
    public bool TryPickGarbage(double ratio, long closedBefore, [NotNullWhen(true)] out StateSegment? picked)
    {
        lock (_gate)
        {
            picked = null;
            foreach (var (number, segment) in _segments)
            {
                if (number < closedBefore && Garbage(segment) >= ratio && (picked is null || Garbage(segment) > Garbage(picked)))
                {
                    picked = segment;
                }
            }

            return picked is not null;
        }
    }

    /// <summary>Bytes on disk and bytes of them that are needed.</summary>
    public (long Bytes, long LiveBytes) Size()
    {
        lock (_gate)
        {
            return (_segments.Values.Sum(s => s.Bytes), _segments.Values.Sum(s => s.LiveBytes));
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            foreach (var segment in _segments.Values)
            {
                segment.Dispose();
            }
        }
    }

    private static double Garbage(StateSegment segment) => segment.Bytes == 0 ? 0 : 1 - ((double)segment.LiveBytes / segment.Bytes);

    private StateSegment SegmentOf(long number)
    {
        if (!_segments.TryGetValue(number, out var segment))
        {
            _segments.Add(number, segment = new StateSegment(folder, number));
        }

        return segment;
    }

    private sealed class Entry
    {
        private bool _isCounted;

        public long Version { get; set; }

        public bool IsTombstone { get; set; }

        public StatePlace Place { get; set; }

        public byte[]? Pending { get; set; }

        /// <summary>How many records of the key are on the disk, this one included.</summary>
        public int Records { get; set; }

        public bool IsLive => !IsTombstone || Records > 1;

        public bool IsAt(long version, long segment, long position) =>
            Version == version && Place.Position == position && Place.Segment.Base == segment;

        public void Uncount()
        {
            if (_isCounted)
            {
                Place.Segment.LiveBytes -= Place.FrameBytes;
                _isCounted = false;
            }
        }

        public void Recount()
        {
            Uncount();
            if (IsLive)
            {
                Place.Segment.LiveBytes += Place.FrameBytes;
                _isCounted = true;
            }
        }
    }
}
