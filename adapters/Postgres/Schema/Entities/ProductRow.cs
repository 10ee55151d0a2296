namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>products</c>.</summary>
public sealed class ProductRow
{
    public required string ProductId { get; set; }

    public required string Name { get; set; }

    public required string Category { get; set; }

    /// <summary>Empty when unknown.</summary>
    public string Brand { get; set; } = "";

    public decimal Price { get; set; }

    public int Stock { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Kept by a trigger: when the row was inserted or last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
