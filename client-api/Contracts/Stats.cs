using System.Text.Json.Serialization;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>Events by type.</summary>
public sealed record CountsBody(long View, long Cart, long Like, long Purchase, long Search)
{
    internal static CountsBody From(EventCounts counts) =>
        new(counts.View, counts.Cart, counts.Like, counts.Purchase, counts.Search);
}

/// <summary>What fell into the sliding window.</summary>
public sealed record WindowBody
{
    /// <summary>Inclusive; null when there was no event ever.</summary>
    public required DateTimeOffset? Start { get; init; }

    /// <summary>Exclusive; null when there was no event ever.</summary>
    public required DateTimeOffset? End { get; init; }

    public required long View { get; init; }

    public required long Cart { get; init; }

    public required long Like { get; init; }

    public required long Purchase { get; init; }

    public required long Search { get; init; }

    public required decimal Revenue { get; init; }

    /// <summary>Of products only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? DistinctUsers { get; init; }

    internal static WindowBody From(WindowStats window) => new()
    {
        Start = window.Start,
        End = window.End,
        View = window.Counts.View,
        Cart = window.Counts.Cart,
        Like = window.Counts.Like,
        Purchase = window.Counts.Purchase,
        Search = window.Counts.Search,
        Revenue = window.Revenue,
        DistinctUsers = window.DistinctUsers,
    };
}

/// <summary>Statistics of a user.</summary>
public sealed record UserStatsResponse
{
    public required string UserId { get; init; }

    /// <summary>In the serving cache only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? GeneratedAt { get; init; }

    /// <summary>In the serving cache only: the model that served at that time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ModelVersion { get; init; }

    public required CountsBody Totals { get; init; }

    public required decimal Revenue { get; init; }

    public required WindowBody Window { get; init; }

    /// <summary>Events that came too late for their window: in the totals, in no window.</summary>
    public required long LateEvents { get; init; }

    /// <summary>Distinct products in the bounded history.</summary>
    public required int HistoryItems { get; init; }

    public required DateTimeOffset LastEventAt { get; init; }

    internal static UserStatsResponse From(UserStats stats) => new()
    {
        UserId = stats.UserId,
        Totals = CountsBody.From(stats.Totals),
        Revenue = stats.Revenue,
        Window = WindowBody.From(stats.Window),
        LateEvents = stats.LateEvents,
        HistoryItems = stats.HistoryItems,
        LastEventAt = stats.LastEventAt,
    };
}

/// <summary>Statistics of a product.</summary>
public sealed record ProductStatsResponse
{
    public required string ProductId { get; init; }

    public required CountsBody Totals { get; init; }

    public required decimal Revenue { get; init; }

    public required WindowBody Window { get; init; }

    /// <summary>Events that came too late for their window: in the totals, in no window.</summary>
    public required long LateEvents { get; init; }

    /// <summary>Null when there was no event ever.</summary>
    public required DateTimeOffset? LastEventAt { get; init; }

    /// <summary>Weighted events with a half-life.</summary>
    public required double Popularity { get; init; }

    internal static ProductStatsResponse From(ProductStats stats) => new()
    {
        ProductId = stats.ProductId,
        Totals = CountsBody.From(stats.Totals),
        Revenue = stats.Revenue,
        Window = WindowBody.From(stats.Window) with { DistinctUsers = stats.Window.DistinctUsers ?? 0 },
        LateEvents = stats.LateEvents,
        LastEventAt = stats.LastEventAt,
        Popularity = stats.Popularity,
    };

    /// <summary>A product that no event has named.</summary>
    internal static ProductStatsResponse Untouched(string productId) => new()
    {
        ProductId = productId,
        Totals = new CountsBody(0, 0, 0, 0, 0),
        Revenue = 0,
        Window = new WindowBody
        {
            Start = null,
            End = null,
            View = 0,
            Cart = 0,
            Like = 0,
            Purchase = 0,
            Search = 0,
            Revenue = 0,
            DistinctUsers = 0,
        },
        LateEvents = 0,
        LastEventAt = null,
        Popularity = 0,
    };
}
