namespace Reco.GrainInterfaces;

/// <summary>Events by type.</summary>
[GenerateSerializer, Immutable, Alias("reco.EventCounts")]
public readonly record struct EventCounts
{
    /// <summary>Views.</summary>
    [Id(0)] public long View { get; init; }

    /// <summary>Cart additions.</summary>
    [Id(1)] public long Cart { get; init; }

    /// <summary>Likes.</summary>
    [Id(2)] public long Like { get; init; }

    /// <summary>Purchases: events, not pieces.</summary>
    [Id(3)] public long Purchase { get; init; }

    /// <summary>Searches.</summary>
    [Id(4)] public long Search { get; init; }

    /// <summary>All five together.</summary>
    public long Sum => View + Cart + Like + Purchase + Search;

    /// <summary>The counts as an array indexed by type.</summary>
    public long[] ToArray()
    {
        var byType = new long[EventTypes.Count];
        byType[(int)EventType.View] = View;
        byType[(int)EventType.Cart] = Cart;
        byType[(int)EventType.Like] = Like;
        byType[(int)EventType.Purchase] = Purchase;
        byType[(int)EventType.Search] = Search;
        return byType;
    }

    /// <summary>From an array of <see cref="EventTypes.Count"/> counts indexed by type.</summary>
    public static EventCounts From(ReadOnlySpan<long> byType) => new()
    {
        View = byType[(int)EventType.View],
        Cart = byType[(int)EventType.Cart],
        Like = byType[(int)EventType.Like],
        Purchase = byType[(int)EventType.Purchase],
        Search = byType[(int)EventType.Search],
    };
}
