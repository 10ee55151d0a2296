using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Windows;

/// <summary>What a <see cref="SlidingWindow"/> needs of the options, worked out once and shared by all windows.</summary>
public sealed class WindowShape
{
    /// <summary>Earliest event time: 0001-01-01, the first that <see cref="DateTimeOffset"/> can say.</summary>
    public const long TimeMsMin = -62_135_596_800_000;

    /// <summary>Latest event time: 9999-12-31, the last that <see cref="DateTimeOffset"/> can say.</summary>
    public const long TimeMsMax = 253_402_300_799_999;

    /// <summary>Most kinds of event.</summary>
    public const int KindsMax = 32;

    internal const int RingPanesMax = (2 * WindowOptions.PanesPerWindowMax) + 1;

    /// <summary>From valid options.</summary>
    /// <param name="options">Length, slide and lateness.</param>
    /// <param name="kinds">How many kinds of event there are, 1 to <see cref="KindsMax"/>.</param>
    /// <param name="countUsers">Whether distinct users are counted.</param>
    /// <exception cref="ValidationException">The options are not valid.</exception>
    public WindowShape(WindowOptions options, int kinds, bool countUsers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(kinds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kinds, KindsMax);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        SlideMs = options.Slide.Ticks / TimeSpan.TicksPerMillisecond;
        WindowPanes = (int)(options.Length.Ticks / options.Slide.Ticks);
        var latePanes = (int)((options.AllowedLateness.Ticks + options.Slide.Ticks - 1) / options.Slide.Ticks);
        RingPanes = WindowPanes + latePanes;
        Kinds = kinds;
        CountUsers = countUsers;
    }

    /// <summary>Length of a pane, and the distance of two windows.</summary>
    public long SlideMs { get; }

    /// <summary>Panes of a window.</summary>
    public int WindowPanes { get; }

    /// <summary>
    /// Panes kept: an event as late as is allowed still finds its pane, and the window that ended with that pane is still whole.
    /// </summary>
    public int RingPanes { get; }

    /// <summary>Kinds of event.</summary>
    public int Kinds { get; }

    /// <summary>Whether distinct users are counted.</summary>
    public bool CountUsers { get; }

    /// <summary>Says whether an event can be counted at all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such kind, or a time outside the calendar.</exception>
    public void ThrowUnlessValid(long eventTimeMs, int kind)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)kind, (uint)Kinds, nameof(kind));
        ThrowUnlessTime(eventTimeMs);
    }

    internal static void ThrowUnlessTime(long timeMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeMs, TimeMsMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeMs, TimeMsMax);
    }

    /// <summary>The pane of a time, rounding down before the epoch too.</summary>
    internal static long PaneOf(long timeMs, long slideMs)
    {
        var pane = timeMs / slideMs;
        return pane * slideMs > timeMs ? pane - 1 : pane;
    }
}
