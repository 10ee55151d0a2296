using System.Globalization;
using Reco.GrainInterfaces;

namespace Reco.Silo.Tests.Ingest;

/// <summary>Short ways to say an event.</summary>
internal static class Events
{
    /// <summary>Where the manual clock starts.</summary>
    public static readonly long NowMs = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    public static ShopEvent View(string id, string user, string product, double minutes = 0) => new()
    {
        EventId = id,
        UserId = user,
        ProductId = product,
        Type = EventType.View,
        TimestampMs = NowMs + (long)(minutes * 60_000),
    };

    public static ShopEvent Purchase(string id, string user, string product, int quantity, decimal price) => View(id, user, product) with
    {
        Type = EventType.Purchase,
        Quantity = quantity,
        UnitPrice = price,
    };

    public static ShopEvent Search(string id, string user, string query) => new()
    {
        EventId = id,
        UserId = user,
        Query = query,
        Type = EventType.Search,
        TimestampMs = NowMs,
    };

    /// <summary>Views of one user and product, numbered.</summary>
    public static ShopEvent[] Views(string prefix, int count, string user = "ann", string product = "cup") =>
        [.. Enumerable.Range(0, count).Select(i => View(prefix + i.ToString(CultureInfo.InvariantCulture), user, product))];
}
