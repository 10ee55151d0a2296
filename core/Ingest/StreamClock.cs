using Reco.Core.Ports;

namespace Reco.Core.Ingest;

/// <summary>
/// Stream time as a distance between event time and a monotonic clock: one long that only rises, hence no lock. Once an event was
/// seen, stream time never goes back, even when the wall clock does.
/// </summary>
public sealed class StreamClock : IStreamClock
{
    private const long Unset = long.MinValue;

    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private long _eventLeadMs = Unset;

    /// <summary>A clock that has seen no event.</summary>
    public StreamClock(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        _startedAt = clock.GetTimestamp();
    }

    /// <inheritdoc />
    public long NowMs => Volatile.Read(ref _eventLeadMs) is var lead && lead == Unset ? WallMs : lead + ElapsedMs;

    /// <summary>Whether an event was seen, or a saved time restored.</summary>
    public bool HasStarted => Volatile.Read(ref _eventLeadMs) != Unset;

    private long WallMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private long ElapsedMs => _clock.GetElapsedTime(_startedAt).Ticks / TimeSpan.TicksPerMillisecond;

    /// <inheritdoc />
    /// <exception cref="ArgumentOutOfRangeException">The time is outside the calendar.</exception>
    public void Advance(long eventTimeMs)
    {
        Windows.WindowShape.ThrowUnlessTime(eventTimeMs);
        var lead = eventTimeMs - ElapsedMs;
        var known = Volatile.Read(ref _eventLeadMs);
        while (lead > known)
        {
            var found = Interlocked.CompareExchange(ref _eventLeadMs, lead, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }

    /// <summary>
    /// Goes on from what a checkpoint saved: the saved stream time plus the time since then. Of several partitions the one that is
    /// furthest on counts, in whatever order they come.
    /// </summary>
    /// <param name="maxEventTimeMs">Greatest event time then; <see cref="long.MinValue"/> says that there was none, and changes nothing.</param>
    /// <param name="savedAtMs">The wall clock then, milliseconds since the Unix epoch; if it is ahead of the clock now, no time has passed.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the times is outside the calendar.</exception>
    public void Restore(long maxEventTimeMs, long savedAtMs)
    {
        if (maxEventTimeMs != long.MinValue)
        {
            Windows.WindowShape.ThrowUnlessTime(maxEventTimeMs);
            Windows.WindowShape.ThrowUnlessTime(savedAtMs);
            Advance(Math.Min(maxEventTimeMs + Math.Max(0, WallMs - savedAtMs), Windows.WindowShape.TimeMsMax));
        }
    }
}
