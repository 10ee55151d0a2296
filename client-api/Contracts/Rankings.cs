using System.Text.Json.Serialization;
using Reco.GrainInterfaces;

namespace Reco.ClientApi.Contracts;

/// <summary>The top of a ranking.</summary>
public sealed record RankingResponse
{
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>In the serving cache only: the model that served at that time, though it does not rank these.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ModelVersion { get; init; }

    /// <summary>The category asked for; null for all.</summary>
    public required string? Category { get; init; }

    public required IReadOnlyList<RankedItem> Items { get; init; }
}

/// <summary>Products like another one.</summary>
public sealed record SimilarResponse
{
    public required string ProductId { get; init; }

    /// <summary>Version of the model; 0 before the first.</summary>
    public required long ModelVersion { get; init; }

    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Nearest first; empty when the model does not know the product.</summary>
    public required IReadOnlyList<RankedItem> Items { get; init; }
}

/// <summary>A product with the score that ranks it.</summary>
public sealed record RankedItem
{
    public required string ProductId { get; init; }

    public required string Name { get; init; }

    public required string? Category { get; init; }

    public required decimal? Price { get; init; }

    public required double Score { get; init; }

    internal static RankedItem From(RankedProduct product) => new()
    {
        ProductId = product.ProductId,
        Name = product.Name,
        Category = product.Category,
        Price = product.Price,
        Score = product.Score,
    };
}
