namespace Reco.Core.Windows;

/// <summary>
/// Counts, revenue and (when the shape asks for it) distinct users over windows of event time that slide, aligned to the epoch.
/// Kept as a ring of panes, each as long as the slide: one event is one write, and a window is the sum of its panes.
/// What is kept depends on the events alone, never on the order they came in: the panes that are at most
/// <see cref="WindowShape.RingPanes"/> - 1 older than the newest. For one thread.
/// </summary>
/// <remarks>The properties are the state as it is persisted; use <see cref="Add"/> and <see cref="Read"/>.</remarks>
public sealed partial class SlidingWindow
{
    /// <summary>Length of a pane in milliseconds; 0 before the first event.</summary>
    public long SlideMs { get; set; }

    /// <summary>Kinds of event that are counted.</summary>
    public int Kinds { get; set; }

    /// <summary>Number of the newest pane: its start divided by <see cref="SlideMs"/>.</summary>
    public long NewestPane { get; set; }

    /// <summary>Counts, <see cref="Kinds"/> of each pane; pane p is at p modulo the number of panes.</summary>
    public long[] Counts { get; set; } = [];

    /// <summary>Revenue of each pane.</summary>
    public decimal[] Revenue { get; set; } = [];

    /// <summary>Users of each pane; empty when they are not counted.</summary>
    public DistinctCounter?[] Users { get; set; } = [];

    /// <summary>Counts an event.</summary>
    /// <param name="shape">Always the same one, unless the options have changed; see <see cref="Read"/>.</param>
    /// <param name="eventTimeMs">Event time, milliseconds since the Unix epoch.</param>
    /// <param name="kind">Kind, 0 to <see cref="WindowShape.Kinds"/> - 1.</param>
    /// <param name="revenue">Money it brought.</param>
    /// <param name="userHash">A well-mixed 64-bit hash of the user, when users are counted.</param>
    /// <returns>False when the event is too late: its pane has left the ring, and nothing was counted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such kind, or a time outside the calendar.</exception>
    public bool Add(WindowShape shape, long eventTimeMs, int kind, decimal revenue, ulong userHash = 0)
    {
        shape.ThrowUnlessValid(eventTimeMs, kind);
        var pane = WindowShape.PaneOf(eventTimeMs, shape.SlideMs);
        if (SlideMs != shape.SlideMs || Revenue.Length != shape.RingPanes || Kinds != shape.Kinds || Users.Length != 0 != shape.CountUsers)
        {
            Reshape(shape, pane);
        }

        if (pane > NewestPane)
        {
            MoveTo(pane);
        }
        else if (pane <= NewestPane - Revenue.Length)
        {
            return false;
        }

        var slot = SlotOf(pane, Revenue.Length);
        Counts[(slot * Kinds) + kind]++;
        if (revenue != 0m)
        {
            Revenue[slot] += revenue;
        }

        if (Users.Length != 0)
        {
            (Users[slot] ??= new DistinctCounter()).Add(userHash);
        }

        return true;
    }

    /// <summary>
    /// The window that contains <paramref name="nowMs"/> and ends at the next boundary after it, so it still fills. Later panes
    /// are not in it. When the options have changed the slide, panes of the old length cannot be told apart and count as empty.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside the calendar.</exception>
    public WindowReading Read(WindowShape shape, long nowMs)
    {
        WindowShape.ThrowUnlessTime(nowMs);
        var end = WindowShape.PaneOf(nowMs, shape.SlideMs) + 1;
        var start = end - shape.WindowPanes;
        var counts = new long[shape.Kinds];
        var revenue = 0m;
        var users = default(DistinctCounter);
        var merged = false;
        if (SlideMs == shape.SlideMs)
        {
            var last = Math.Min(end - 1, NewestPane);
            for (var pane = Math.Max(start, NewestPane - Revenue.Length + 1); pane <= last; pane++)
            {
                var slot = SlotOf(pane, Revenue.Length);
                AddCounts(Counts.AsSpan(slot * Kinds, Kinds), counts);
                revenue += Revenue[slot];
                if (shape.CountUsers && Users.Length != 0 && Users[slot] is { } paneUsers)
                {
                    users = Union(users, paneUsers, ref merged);
                }
            }
        }

        return new WindowReading
        {
            StartMs = start * shape.SlideMs,
            EndMs = end * shape.SlideMs,
            Counts = counts,
            Revenue = revenue,
            DistinctUsers = shape.CountUsers ? users?.Estimate() ?? 0 : null,
        };
    }

    private static DistinctCounter Union(DistinctCounter? sum, DistinctCounter next, ref bool merged)
    {
        if (sum is null)
        {
            return next;
        }

        if (!merged)
        {
            var copy = new DistinctCounter();
            copy.Merge(sum);
            sum = copy;
            merged = true;
        }

        sum.Merge(next);
        return sum;
    }

    private static void AddCounts(ReadOnlySpan<long> pane, Span<long> sum)
    {
        for (var kind = 0; kind < Math.Min(pane.Length, sum.Length); kind++)
        {
            sum[kind] += pane[kind];
        }
    }

    private static int SlotOf(long pane, int panes)
    {
        var slot = (int)(pane % panes);
        return slot < 0 ? slot + panes : slot;
    }

    /// <summary>Makes this the newest pane, emptying the panes that take the place of the ones that leave.</summary>
    private void MoveTo(long pane)
    {
        var panes = Revenue.Length;
        for (var empty = Math.Max(NewestPane + 1, pane - panes + 1); empty <= pane; empty++)
        {
            var slot = SlotOf(empty, panes);
            Counts.AsSpan(slot * Kinds, Kinds).Clear();
            Revenue[slot] = 0m;
            if (Users.Length != 0)
            {
                Users[slot]?.Clear();
            }
        }

        NewestPane = pane;
    }

    /// <summary>Takes over another shape, at the first event or after the options changed, with every pane that still fits.</summary>
    private void Reshape(WindowShape shape, long firstPane)
    {
        var (oldCounts, oldRevenue, oldUsers, oldKinds) = (Counts, Revenue, Users, Kinds);
        var keep = SlideMs == shape.SlideMs;
        SlideMs = shape.SlideMs;
        Kinds = shape.Kinds;
        Counts = new long[shape.RingPanes * shape.Kinds];
        Revenue = new decimal[shape.RingPanes];
        Users = shape.CountUsers ? new DistinctCounter?[shape.RingPanes] : [];
        if (!keep)
        {
            NewestPane = firstPane;
            return;
        }

        for (var age = 0; age < Math.Min(oldRevenue.Length, shape.RingPanes); age++)
        {
            var from = SlotOf(NewestPane - age, oldRevenue.Length);
            var to = SlotOf(NewestPane - age, shape.RingPanes);
            AddCounts(oldCounts.AsSpan(from * oldKinds, oldKinds), Counts.AsSpan(to * Kinds, Kinds));
            Revenue[to] = oldRevenue[from];
            if (Users.Length != 0 && oldUsers.Length != 0)
            {
                Users[to] = oldUsers[from];
            }
        }
    }
}
