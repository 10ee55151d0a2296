namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>deleted_products</c>: written when a product is deleted, removed when it is inserted again.</summary>
public sealed class DeletedProductRow
{
    public required string ProductId { get; set; }

    public DateTimeOffset DeletedAt { get; set; }
}
