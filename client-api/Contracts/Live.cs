namespace Reco.ClientApi.Contracts;

/// <summary>The shop at this moment; one a second on GET /live.</summary>
public sealed record LiveStats
{
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Event time as the shop sees it.</summary>
    public required DateTimeOffset StreamTime { get; init; }

    /// <summary>Products with at least one event.</summary>
    public required int Products { get; init; }

    public required CountsBody Totals { get; init; }

    public required decimal Revenue { get; init; }

    public required IReadOnlyList<RankedItem> Trending { get; init; }

    public required ModelResponse Model { get; init; }
}
