namespace Reco.GrainInterfaces;

/// <summary>Facts about <see cref="EventType"/> that every layer shares.</summary>
public static class EventTypes
{
    /// <summary>How many types there are; counts are arrays of this length, indexed by the type.</summary>
    public const int Count = 5;

    /// <summary>How much an event says about taste: view 1, cart 3, like 4, purchase 5, search 0 (it names no product).</summary>
    public static float Weight(EventType type) => type switch
    {
        EventType.View => 1f,
        EventType.Cart => 3f,
        EventType.Like => 4f,
        EventType.Purchase => 5f,
        _ => 0f,
    };

    /// <summary>The name in JSON: view, cart, like, purchase, search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not one of the five.</exception>
    public static string Name(EventType type) => type switch
    {
        EventType.View => "view",
        EventType.Cart => "cart",
        EventType.Like => "like",
        EventType.Purchase => "purchase",
        EventType.Search => "search",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event type"),
    };
}
