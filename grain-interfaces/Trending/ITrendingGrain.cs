using Orleans.Concurrency;

namespace Reco.GrainInterfaces;

/// <summary>The shop as a whole: which products trend, which are popular, and the totals. One in the cluster, key 0.</summary>
[Alias("reco.ITrendingGrain")]
public interface ITrendingGrain : IGrainWithIntegerKey
{
    /// <summary>Replaces the product's row; a repeat changes nothing.</summary>
    [Alias("Report")]
    Task ReportAsync(ProductReport report);

    /// <summary>Makes the rows durable. Called at the end of a checkpoint, before offsets are committed.</summary>
    [Alias("Flush")]
    Task FlushAsync();

    /// <summary>The highest scores at stream time, best first.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetTop")]
    Task<RankedProduct[]> GetTopAsync(TopQuery query);

    /// <summary>Totals over all products as of their last reports.</summary>
    [Repeatable, AlwaysInterleave, Alias("GetShopStats")]
    Task<ShopStats> GetShopStatsAsync();
}

/// <summary>Which ranking.</summary>
[GenerateSerializer, Alias("reco.TopKind")]
public enum TopKind
{
    /// <summary>More than its own longer baseline lets expect, now.</summary>
    Trending = 0,

    /// <summary>Weighted events with a half-life.</summary>
    Popular = 1,
}

/// <summary>A question to <see cref="ITrendingGrain.GetTopAsync"/>.</summary>
[GenerateSerializer, Immutable, Alias("reco.TopQuery")]
public sealed record TopQuery
{
    /// <summary>Which ranking.</summary>
    [Id(0)] public required TopKind Kind { get; init; }

    /// <summary>Products wanted, 1 to 1,000.</summary>
    [Id(1)] public int Limit { get; init; } = 10;

    /// <summary>Only this category (case-insensitive); null for all.</summary>
    [Id(2)] public string? Category { get; init; }
}

/// <summary>What a product tells at each checkpoint: decayed counts as of a reference time, and totals.</summary>
[GenerateSerializer, Immutable, Alias("reco.ProductReport")]
public sealed record ProductReport
{
    /// <summary>The product.</summary>
    [Id(0)] public required string ProductId { get; init; }

    /// <summary>The time the decayed counts refer to, milliseconds since the Unix epoch.</summary>
    [Id(1)] public required long ReferenceTimeMs { get; init; }

    /// <summary>Weighted events decayed with the short half-life.</summary>
    [Id(2)] public required double Short { get; init; }

    /// <summary>Weighted events decayed with the baseline's half-life.</summary>
    [Id(3)] public required double Long { get; init; }

    /// <summary>Weighted events decayed with the popularity half-life.</summary>
    [Id(4)] public required double Popularity { get; init; }

    /// <summary>All events ever, by type.</summary>
    [Id(5)] public required EventCounts Totals { get; init; }

    /// <summary>All revenue ever.</summary>
    [Id(6)] public required decimal Revenue { get; init; }
}

/// <summary>The shop in numbers.</summary>
[GenerateSerializer, Immutable, Alias("reco.ShopStats")]
public sealed record ShopStats
{
    /// <summary>Products with at least one event.</summary>
    [Id(0)] public required int Products { get; init; }

    /// <summary>All product events ever, by type (searches name no product and are not in it).</summary>
    [Id(1)] public required EventCounts Totals { get; init; }

    /// <summary>All revenue ever, in the shop's currency.</summary>
    [Id(2)] public required decimal Revenue { get; init; }

    /// <summary>Stream time, UTC.</summary>
    [Id(3)] public required DateTimeOffset StreamTime { get; init; }
}
