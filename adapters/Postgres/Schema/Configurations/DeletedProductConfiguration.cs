using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>Products that are no more, for whoever follows the catalogue by its changes.</summary>
internal sealed class DeletedProductConfiguration : IEntityTypeConfiguration<DeletedProductRow>
{
    public void Configure(EntityTypeBuilder<DeletedProductRow> builder)
    {
        builder.ToTable("deleted_products");
        builder.HasKey(product => product.ProductId);
        builder.Property(product => product.ProductId).IsId();

        // What was deleted since: asked together with products(updated_at, product_id).
        builder.HasIndex(product => new { product.DeletedAt, product.ProductId })
            .HasDatabaseName("deleted_products_deleted_at_product_id_idx");
    }
}
