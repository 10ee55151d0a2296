using Reco.GrainInterfaces;

namespace Reco.Workload.Traffic;

/// <summary>
/// Deals event types in exact shares: of every 100 events 50 are views, 20 carts, 10 purchases, 10 likes and 10 searches, in random
/// order. A type that cannot happen now (nothing viewed yet that could go into a cart) waits, and is made up for later.
/// </summary>
internal sealed class EventMix(SplitMix random)
{
    private readonly int[] _left = new int[EventTypes.Count];
    private int _total;

    /// <summary>Events of each type in a hundred.</summary>
    public static int Share(EventType type) => type switch
    {
        EventType.View => 50,
        EventType.Cart => 20,
        EventType.Purchase => 10,
        EventType.Like => 10,
        EventType.Search => 10,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type"),
    };

    /// <summary>
    /// A type by its share of what is left, none of those in <paramref name="impossible"/> (bit per type); view when no other is left.
    /// </summary>
    public EventType Draw(int impossible)
    {
        if (_total == 0)
        {
            for (var i = 0; i < EventTypes.Count; i++)
            {
                _left[i] += Share((EventType)i);
                _total += Share((EventType)i);
            }
        }

        var possible = 0;
        for (var i = 0; i < EventTypes.Count; i++)
        {
            possible += Weight(i, impossible);
        }

        if (possible == 0)
        {
            return EventType.View;
        }

        var at = random.NextInt(possible);
        var type = 0;
        while (at >= Weight(type, impossible))
        {
            at -= Weight(type++, impossible);
        }

        return (EventType)type;
    }

    /// <summary>Tells that an event of this type was made.</summary>
    public void Count(EventType type)
    {
        // Below zero when a view stood in for a type that had to wait: the next hundred has one view less and one of it more.
        _left[(int)type]--;
        _total--;
    }

    private int Weight(int type, int impossible) => (impossible & (1 << type)) != 0 ? 0 : Math.Max(0, _left[type]);
}
