using System.Numerics;

namespace Reco.Core.Ingest;

/// <summary>
/// Says whether an event of one partition is a duplicate: whether its id occurred at one of the <see cref="WindowOffsets"/> offsets
/// before it. Any occurrence counts, duplicates too, and never the offset itself; so the answer depends on the log alone, and a
/// window that was rebuilt by reading back gives the very same answers. For one thread.
/// </summary>
/// <remarks>
/// It keeps 128 bits of each id, so a new event is taken for a duplicate with a chance of 131,072 / 2^128 = 4e-34.
/// <para>
/// To begin (and after a rewind that <see cref="CanRewindTo"/> denies): make a window for the position, give it every record from
/// <see cref="StartOffset"/> on, and ignore its answers before the position.
/// </para>
/// <para>
/// A rewind forgets what was seen at that offset and after it, for it will be seen again. The window remembers
/// <see cref="RewindOffsets"/> more entries than it needs, so rewinds of that length are exact without reading back.
/// </para>
/// Memory grows with use, to 40 bytes an entry: 10 MiB with the defaults.
/// </remarks>
public sealed class DuplicateWindow
{
    /// <summary>Offsets that are looked back by default.</summary>
    public const int WindowOffsetsDefault = 131_072;

    /// <summary>Most offsets that can be looked back or rewound.</summary>
    public const int OffsetsMax = 1 << 26;

    private const int EntriesMin = 1024;

    private readonly int _entriesMax;
    private readonly long _logFirstOffset;
    private Entry[] _ring;
    private long[] _heads;

    // Entries are numbered from 1 as they come; the ring holds numbers _oldest to _next - 1, at their number modulo its size.
    // A head is the newest number of its bucket, and an entry's Older the next one. Numbers below _oldest have left: chains end there.
    private long _oldest = 1;
    private long _next = 1;
    private long _newestOffset = -1;
    private long _leftThrough = -1;

    /// <summary>An empty window.</summary>
    /// <param name="position">The first offset to decide about.</param>
    /// <param name="logFirstOffset">The first offset that the log holds.</param>
    /// <param name="windowOffsets">How far to look back.</param>
    /// <param name="rewindOffsets">How far a rewind may go without reading back.</param>
    public DuplicateWindow(
        long position, long logFirstOffset, int windowOffsets = WindowOffsetsDefault, int rewindOffsets = WindowOffsetsDefault)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(logFirstOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(position, logFirstOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(windowOffsets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(windowOffsets, OffsetsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(rewindOffsets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rewindOffsets, OffsetsMax);
        WindowOffsets = windowOffsets;
        RewindOffsets = rewindOffsets;
        StartOffset = Math.Max(logFirstOffset, position - windowOffsets);
        _logFirstOffset = logFirstOffset;
        _entriesMax = windowOffsets + rewindOffsets;
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(_entriesMax, EntriesMin));
        _ring = new Entry[size];
        _heads = new long[size];
    }

    /// <summary>How far it looks back.</summary>
    public int WindowOffsets { get; }

    /// <summary>How far a rewind may go without reading back.</summary>
    public int RewindOffsets { get; }

    /// <summary>Where reading must begin for the answers at the position, and after it, to be right.</summary>
    public long StartOffset { get; }

    /// <summary>Whether the answers would be right after a rewind to this offset.</summary>
    public bool CanRewindTo(long offset) =>
        offset >= StartOffset && Math.Max(offset - WindowOffsets, _logFirstOffset) >= Math.Max(StartOffset, _leftThrough + 1);

    /// <summary>
    /// Notes the event and says whether it is a duplicate. Offsets ascend, with or without gaps; one that does not is a rewind.
    /// </summary>
    /// <exception cref="ArgumentException">No id.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is below <see cref="StartOffset"/>.</exception>
    /// <exception cref="InvalidOperationException">A rewind that <see cref="CanRewindTo"/> denies.</exception>
    public bool Seen(string eventId, long offset)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, StartOffset);
        if (offset <= _newestOffset)
        {
            RewindTo(offset);
        }

        var hash = EventIdHash.Of(eventId);
        var duplicate = NewestOffsetOf(hash) is var before && before >= 0 && before >= offset - WindowOffsets;
        Append(hash, offset);
        return duplicate;
    }

    /// <summary>The newest offset of the id, or -1.</summary>
    private long NewestOffsetOf(EventIdHash hash)
    {
        var mask = _ring.Length - 1;
        for (var number = _heads[Bucket(hash)]; number >= _oldest;)
        {
            ref readonly var entry = ref _ring[(int)number & mask];
            if (entry.Hash == hash)
            {
                return entry.Offset;
            }

            number = entry.Older;
        }

        return -1;
    }

    private void Append(EventIdHash hash, long offset)
    {
        if (_next - _oldest == _ring.Length)
        {
            Grow();
        }

        if (_next - _oldest == _entriesMax)
        {
            _leftThrough = _ring[(int)_oldest & (_ring.Length - 1)].Offset;
            _oldest++;
        }

        ref var head = ref _heads[Bucket(hash)];
        _ring[(int)_next & (_ring.Length - 1)] = new Entry(hash, offset, head);
        head = _next++;
        _newestOffset = offset;
    }

    /// <summary>Forgets the entries from this offset on, newest first, so that each is the head of its bucket when it goes.</summary>
    private void RewindTo(long offset)
    {
        if (!CanRewindTo(offset))
        {
            throw new InvalidOperationException(
                $"A rewind to offset {offset} is beyond what the window remembers: make a new one and read back from its start offset.");
        }

        var mask = _ring.Length - 1;
        while (_next > _oldest)
        {
            ref readonly var newest = ref _ring[(int)(_next - 1) & mask];
            if (newest.Offset < offset)
            {
                break;
            }

            _heads[Bucket(newest.Hash)] = newest.Older;
            _next--;
        }

        _newestOffset = _next > _oldest ? _ring[(int)(_next - 1) & mask].Offset : -1;
    }

    private int Bucket(EventIdHash hash) => (int)hash.A & (_heads.Length - 1);

    /// <summary>Doubles the ring while there are fewer entries than there may be, and builds the chains again.</summary>
    private void Grow()
    {
        if (_ring.Length >= _entriesMax)
        {
            return;
        }

        var (old, oldMask) = (_ring, _ring.Length - 1);
        _ring = new Entry[old.Length * 2];
        _heads = new long[old.Length * 2];
        for (var number = _oldest; number < _next; number++)
        {
            ref readonly var entry = ref old[(int)number & oldMask];
            ref var head = ref _heads[Bucket(entry.Hash)];
            _ring[(int)number & (_ring.Length - 1)] = entry with { Older = head };
            head = number;
        }
    }

    private readonly record struct Entry(EventIdHash Hash, long Offset, long Older);
}
