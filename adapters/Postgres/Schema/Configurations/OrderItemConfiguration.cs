using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>What was in an order. Its key finds the items of an order.</summary>
internal sealed class OrderItemConfiguration : IEntityTypeConfiguration<OrderItemRow>
{
    public void Configure(EntityTypeBuilder<OrderItemRow> builder)
    {
        builder.ToTable("order_items", table =>
        {
            table.HasCheckConstraint("order_items_quantity_check", "quantity > 0");
            table.HasCheckConstraint("order_items_unit_price_check", "unit_price >= 0");
        });
        builder.HasKey(item => new { item.OrderId, item.LineNo });
        builder.Property(item => item.ProductId).IsId();
        builder.Property(item => item.UnitPrice).HasColumnType("numeric(12,2)");

        // Who bought this product; also the foreign key's side of a deleted product, which would scan all items otherwise.
        builder.HasIndex(item => item.ProductId).HasDatabaseName("order_items_product_id_idx");
        builder.HasOne<OrderRow>().WithMany().HasForeignKey(item => item.OrderId)
            .OnDelete(DeleteBehavior.Cascade).HasConstraintName("order_items_order_id_fkey");
        builder.HasOne<ProductRow>().WithMany().HasForeignKey(item => item.ProductId)
            .OnDelete(DeleteBehavior.NoAction).HasConstraintName("order_items_product_id_fkey");
    }
}
