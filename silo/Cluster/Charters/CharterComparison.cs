namespace Reco.Silo.Cluster.Charters;

/// <summary>A silo in the cluster's list that is not dead.</summary>
/// <param name="Silo">Its address.</param>
/// <param name="HasJoined">It has been a full member; otherwise it is on its way.</param>
/// <param name="Started">When it started, by its own clock.</param>
/// <param name="SignOfLife">What it writes into the list every few seconds: a time by its own clock.</param>
internal sealed record ListedSilo(string Silo, bool HasJoined, DateTime Started, DateTime SignOfLife);

/// <summary>
/// Decides whether a newcomer may join, from one look at the list after the other. No clocks are compared: a silo lives when its sign of
/// life changes under our eyes. One that does not may have died with its whole cluster, and is waited for until the others, or this
/// newcomer, declare it dead; that is how a cluster that stopped wholly is started again with other settings.
/// </summary>
internal sealed class CharterComparison(string self, ClusterCharter own)
{
    private readonly Dictionary<string, ListedSilo> _firstSeen = new(StringComparer.Ordinal);
    private int _looks;

    /// <summary>Whether there was only one look so far.</summary>
    public bool IsFirstLook => _looks == 1;

    /// <summary>One look. The newcomer must be in the list itself, and its charter written, before the list and the charters are read.</summary>
    public CharterVerdict Look(IReadOnlyCollection<ListedSilo> list, IReadOnlyDictionary<string, ClusterCharter> charters)
    {
        _looks++;
        var here = list.SingleOrDefault(silo => silo.Silo == self);
        CharterVerdict verdict = new(CharterStanding.Agreed, null, []);
        foreach (var silo in list.Where(silo => silo.Silo != self))
        {
            // Without a charter it is of an older release, which a rolling update has to bear.
            if (!charters.TryGetValue(silo.Silo, out var theirs) || theirs.DifferencesFrom(own) is not { Count: > 0 } differences || !IsBefore(silo, here))
            {
                continue;
            }

            if (!_firstSeen.TryAdd(silo.Silo, silo) && silo.HasJoined && _firstSeen[silo.Silo] != silo)
            {
                return new CharterVerdict(CharterStanding.Refused, silo.Silo, differences);
            }

            verdict = new CharterVerdict(CharterStanding.Unclear, silo.Silo, differences);
        }

        return verdict;
    }

    /// <summary>Members count before newcomers. Of two newcomers exactly one gives way: both see the same times and addresses.</summary>
    private static bool IsBefore(ListedSilo silo, ListedSilo? here) =>
        silo.HasJoined || here is null || (silo.Started, silo.Silo).CompareTo((here.Started, here.Silo)) < 0;
}

/// <summary>How a newcomer stands.</summary>
internal enum CharterStanding
{
    /// <summary>Nobody's charter differs.</summary>
    Agreed,

    /// <summary>Somebody's does who may be dead.</summary>
    Unclear,

    /// <summary>Somebody's does who is alive.</summary>
    Refused,
}

/// <summary>What a look at the list says.</summary>
/// <param name="Standing">Whether to go on.</param>
/// <param name="Silo">Whose charter differs; null when nobody's does.</param>
/// <param name="Differences">How.</param>
internal sealed record CharterVerdict(CharterStanding Standing, string? Silo, IReadOnlyList<(CharterItem Theirs, CharterItem Ours)> Differences)
{
    /// <summary>The sentence for whoever started the newcomer.</summary>
    public string Refusal(string clusterId) =>
        $"Cluster '{clusterId}' is already running with {string.Join(" and ", Differences.Select(d => d.Theirs))} (silo {Silo}); "
        + $"this silo is set up with {string.Join(" and ", Differences.Select(d => d.Ours))}: "
        + "give one of the two another Cluster:ClusterId, or both the same settings.";
}
