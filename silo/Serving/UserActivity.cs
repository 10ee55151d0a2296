using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace Reco.Silo.Serving;

/// <summary>
/// Which users had events, as told by ingest after the grains took them: those within the window, and those whose documents are to be computed
/// again, each once and in the order they came. Of the partitions of this silo, so that no two silos compute one user's.
/// </summary>
internal sealed class UserActivity(IOptions<ServingFillOptions> options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _lastSeenMs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);
    private readonly Queue<string> _dueFirst = new();
    private long _leftOut;

    /// <summary>Users whose documents are to be computed.</summary>
    public int Due
    {
        get
        {
            lock (_gate)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Times that a user found no room.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    /// <summary>They had events, at this stream time at the latest.</summary>
    public void Saw(IReadOnlyList<string> userIds, long streamTimeMs)
    {
        var max = options.Value.ActiveUsersMax;
        lock (_gate)
        {
            for (var i = 0; i < userIds.Count; i++)
            {
                var userId = userIds[i];
                ref var lastSeenMs = ref CollectionsMarshal.GetValueRefOrNullRef(_lastSeenMs, userId);
                if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref lastSeenMs))
                {
                    lastSeenMs = Math.Max(lastSeenMs, streamTimeMs);
                }
                else if (_lastSeenMs.Count < max)
                {
                    _lastSeenMs[userId] = streamTimeMs;
                }
                else
                {
                    Interlocked.Increment(ref _leftOut);
                    continue;
                }

                MakeDue(userId);
            }
        }
    }

    /// <summary>Forgets who was not seen since then.</summary>
    public void Forget(long beforeMs)
    {
        lock (_gate)
        {
            foreach (var (userId, lastSeenMs) in _lastSeenMs)
            {
                if (lastSeenMs < beforeMs)
                {
                    // Removing while enumerating is allowed. Who is due stays due.
                    _lastSeenMs.Remove(userId);
                }
            }
        }
    }

    /// <summary>All that are remembered are to be computed again; answers how many.</summary>
    public int MakeAllDue()
    {
        lock (_gate)
        {
            foreach (var userId in _lastSeenMs.Keys)
            {
                MakeDue(userId);
            }

            return _lastSeenMs.Count;
        }
    }

    /// <summary>The next ones, who are not due from now on.</summary>
    public List<string> Take(int max)
    {
        lock (_gate)
        {
            var taken = new List<string>(Math.Min(max, _dueFirst.Count));
            while (taken.Count < max && _dueFirst.TryDequeue(out var userId))
            {
                _due.Remove(userId);
                taken.Add(userId);
            }

            return taken;
        }
    }

    private void MakeDue(string userId)
    {
        if (_due.Add(userId))
        {
            _dueFirst.Enqueue(userId);
        }
    }
}
