using Reco.Core.Windows;

namespace Reco.Core.Searching;

/// <summary>
/// What was searched for in a window of event time, counted by pane as <see cref="SlidingWindow"/> counts events. Each pane keeps a bounded
/// number of different queries: what comes after that is counted only if it is known, and the rest as left out. For one thread.
/// </summary>
public sealed class QueryCounter
{
    /// <summary>Different queries that a pane keeps.</summary>
    public const int QueriesPerPaneMax = 20_000;

    private readonly SortedDictionary<long, Pane> _panes = [];
    private readonly WindowShape _shape;

    /// <summary>Counts nothing yet.</summary>
    public QueryCounter(WindowShape shape) => _shape = shape;

    /// <summary>Searches that were not counted because their pane was full.</summary>
    public long LeftOut { get; private set; }

    /// <summary>The first offset that the panes were filled from; null when there are none. Read again from there, they are the same.</summary>
    public long? FirstOffset => _panes.Count == 0 ? null : _panes.Values.Min(pane => pane.FirstOffset);

    /// <summary>One form for what shoppers type in many: without case and with single spaces. Empty for what is only space.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Counts a search; one whose pane has left the ring is not counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is outside the calendar.</exception>
    public void Add(string text, long eventTimeMs, long offset)
    {
        WindowShape.ThrowUnlessTime(eventTimeMs);
        var query = Normalize(text);
        var pane = WindowShape.PaneOf(eventTimeMs, _shape.SlideMs);
        if (query.Length == 0 || (_panes.Count > 0 && pane <= _panes.Keys.Last() - _shape.RingPanes))
        {
            return;
        }

        if (!_panes.TryGetValue(pane, out var counts))
        {
            _panes[pane] = counts = new Pane { FirstOffset = offset };
            while (_panes.Keys.First() <= _panes.Keys.Last() - _shape.RingPanes)
            {
                _panes.Remove(_panes.Keys.First());
            }
        }

        counts.FirstOffset = Math.Min(counts.FirstOffset, offset);
        if (counts.Queries.Count >= QueriesPerPaneMax && !counts.Queries.ContainsKey(query))
        {
            LeftOut++;
            return;
        }

        counts.Queries[query] = counts.Queries.GetValueOrDefault(query) + 1;
    }

    /// <summary>The commonest queries of each pane that the window at <paramref name="nowMs"/> has; panes before it are forgotten.</summary>
    public IReadOnlyList<QueryPane> Read(long nowMs, int queriesMax)
    {
        WindowShape.ThrowUnlessTime(nowMs);
        var end = WindowShape.PaneOf(nowMs, _shape.SlideMs) + 1;
        while (_panes.Count > 0 && _panes.Keys.First() < end - _shape.RingPanes)
        {
            _panes.Remove(_panes.Keys.First());
        }

        return
        [
            .. _panes.Where(pane => pane.Key < end && pane.Key >= end - _shape.WindowPanes).Select(pane => new QueryPane(
                pane.Key,
                [
                    .. pane.Value.Queries.OrderByDescending(query => query.Value).ThenBy(query => query.Key, StringComparer.Ordinal)
                        .Take(queriesMax).Select(query => new QueryCount(query.Key, query.Value)),
                ])),
        ];
    }

    /// <summary>Counts of all panes that the window at <paramref name="nowMs"/> has together, most first, then by the query.</summary>
    public static IReadOnlyList<QueryCount> Merge(IEnumerable<QueryPane> panes, WindowShape shape, long nowMs, int limit)
    {
        ArgumentNullException.ThrowIfNull(panes);
        ArgumentNullException.ThrowIfNull(shape);
        var end = WindowShape.PaneOf(nowMs, shape.SlideMs) + 1;
        return
        [
            .. panes.Where(pane => pane.Pane < end && pane.Pane >= end - shape.WindowPanes)
                .SelectMany(pane => pane.Queries)
                .GroupBy(query => query.Query, StringComparer.Ordinal)
                .Select(same => new QueryCount(same.Key, same.Sum(query => query.Count)))
                .OrderByDescending(query => query.Count)
                .ThenBy(query => query.Query, StringComparer.Ordinal)
                .Take(limit),
        ];
    }

    private sealed class Pane
    {
        public Dictionary<string, long> Queries { get; } = new(StringComparer.Ordinal);

        public long FirstOffset { get; set; }
    }
}

/// <summary>A query and how often it was searched for.</summary>
public readonly record struct QueryCount(string Query, long Count);

/// <summary>Counts of one pane.</summary>
/// <param name="Pane">Its number: its start divided by the window's slide.</param>
/// <param name="Queries">Most first.</param>
public sealed record QueryPane(long Pane, IReadOnlyList<QueryCount> Queries);
