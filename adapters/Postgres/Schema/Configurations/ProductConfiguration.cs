using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>What the shop sells.</summary>
internal sealed class ProductConfiguration : IEntityTypeConfiguration<ProductRow>
{
    public void Configure(EntityTypeBuilder<ProductRow> builder)
    {
        builder.ToTable("products", table =>
        {
            table.HasCheckConstraint("products_price_check", "price >= 0");
            table.HasCheckConstraint("products_stock_check", "stock >= 0");
        });
        builder.HasKey(product => product.ProductId);
        builder.Property(product => product.ProductId).IsId();
        builder.Property(product => product.Brand).HasDefaultValue("");
        builder.Property(product => product.Price).HasColumnType("numeric(12,2)");
        builder.Property(product => product.CreatedAt).HasDefaultValueSql("now()");
        builder.Property(product => product.UpdatedAt).HasDefaultValueSql("clock_timestamp()");

        // What changed since: the silos' catalogues every second or so, the ETL in pages (hence product_id, which makes the order total).
        builder.HasIndex(product => new { product.UpdatedAt, product.ProductId }).HasDatabaseName("products_updated_at_product_id_idx");

        // Joins and sums that start from a category, which selects about a tenth of the products.
        builder.HasIndex(product => product.Category).HasDatabaseName("products_category_idx");
    }
}
