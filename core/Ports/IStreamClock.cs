namespace Reco.Core.Ports;

/// <summary>
/// "Now" for windows, trending and decay: the greatest event time seen, plus the clock's time since it was seen. Live traffic, a
/// compressed generator clock and the replay of an old file all behave, and an idle grain's window still ages out.
/// One in each silo; safe to use from any thread.
/// </summary>
public interface IStreamClock
{
    /// <summary>Stream time in milliseconds since the Unix epoch; the clock's own time before any event was seen.</summary>
    long NowMs { get; }

    /// <summary>Tells that an event of this time was seen now; ignored when stream time is already past it.</summary>
    void Advance(long eventTimeMs);
}
