using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>How a grain timer behaves.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>A timer that neither interleaves nor keeps its grain alive.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this()
    {
        DueTime = dueTime;
        Period = period;
    }

    /// <summary>Time to the first callback; <see cref="Timeout.InfiniteTimeSpan"/> for not yet.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a callback to the next; <see cref="Timeout.InfiniteTimeSpan"/> for only one.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>True when a callback may run between the turns of other calls; false (the default) when it waits as a call does.</summary>
    public bool Interleave { get; init; }

    /// <summary>True when a callback counts as use, so that the activation is not collected for being idle.</summary>
    public bool KeepAlive { get; init; }
}
