using System.Text.Json.Serialization;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>Ranked products, best first.</summary>
public sealed record RecommendationsResponse
{
    /// <summary>The user; absent for an anonymous session.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>Version of the model that scored; 0 before the first.</summary>
    public required long ModelVersion { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>What it was computed from: while the user's is the same, so is the model's part of the answer. Absent for an unknown user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Revision { get; init; }

    /// <summary>Until when it may be shown from a cache; only where trending or popular products are among the items.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FreshUntil { get; init; }

    public required IReadOnlyList<RecommendationItem> Items { get; init; }

    internal static RecommendationsResponse From(string? userId, RecommendationAnswer answer, DateTimeOffset now) => new()
    {
        UserId = userId,
        ModelVersion = answer.ModelVersion,
        GeneratedAt = now,
        Items = Array.ConvertAll(answer.Items, RecommendationItem.From),
    };
}

/// <summary>One recommended product.</summary>
public sealed record RecommendationItem
{
    public required string ProductId { get; init; }

    public required string Name { get; init; }

    public required string? Category { get; init; }

    public required decimal? Price { get; init; }

    /// <summary>Score within its source; scores of different sources do not compare.</summary>
    public required double Score { get; init; }

    public required RecommendationSource Source { get; init; }

    /// <summary>One sentence for the shopper.</summary>
    public required string Reason { get; init; }

    /// <summary>With explain: what each history item added to the score, largest first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Contribution>? Contributions { get; init; }

    internal static RecommendationItem From(RecommendedItem item) => new()
    {
        ProductId = item.ProductId,
        Name = item.Name,
        Category = item.Category,
        Price = item.Price,
        Score = item.Score,
        Source = item.Source,
        Reason = item.Reason,
        Contributions = item.Contributions is { } parts ? Array.ConvertAll(parts, Contribution.From) : null,
    };
}

/// <summary>What one item of the history adds to a score.</summary>
public sealed record Contribution
{
    public required string ProductId { get; init; }

    public required string Name { get; init; }

    /// <summary>The strongest thing the user did with it.</summary>
    public required EventType Because { get; init; }

    public required double Value { get; init; }

    internal static Contribution From(ScoreContribution part) =>
        new() { ProductId = part.ProductId, Name = part.Name, Because = part.Because, Value = part.Value };
}

/// <summary>Documents the body of POST /recommendations/session.</summary>
public sealed record SessionRequest
{
    /// <summary>1 to 100 products, oldest first.</summary>
    public required IReadOnlyList<string> ProductIds { get; init; }

    public int? Limit { get; init; }

    public string? Category { get; init; }

    public decimal? MinPrice { get; init; }

    public decimal? MaxPrice { get; init; }

    public bool? ExcludePurchased { get; init; }

    public bool? ExcludeSeen { get; init; }

    public bool? Explain { get; init; }
}
