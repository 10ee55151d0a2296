using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>Orders.</summary>
internal sealed class OrderConfiguration : IEntityTypeConfiguration<OrderRow>
{
    public void Configure(EntityTypeBuilder<OrderRow> builder)
    {
        builder.ToTable("orders", table => table.HasCheckConstraint(
            "orders_status_check", "status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'returned')"));
        builder.HasKey(order => order.OrderId);
        builder.Property(order => order.OrderId).UseIdentityByDefaultColumn();
        builder.Property(order => order.EventId).IsId();
        builder.Property(order => order.UserId).IsId();
        builder.Property(order => order.Total).HasColumnType("numeric(14,2)");

        // A purchase event makes one order, however often it is replayed: what ON CONFLICT of the order sink rests on.
        builder.HasIndex(order => order.EventId).IsUnique().HasDatabaseName("orders_event_id_key");

        // A user's orders, the latest first; also the foreign key's side of a deleted user.
        builder.HasIndex(order => new { order.UserId, order.CreatedAt })
            .IsDescending(false, true)
            .HasDatabaseName("orders_user_id_created_at_idx");

        // Ranges of time (reports), and pages by keyset: order_id makes the order total.
        builder.HasIndex(order => new { order.CreatedAt, order.OrderId }).HasDatabaseName("orders_created_at_order_id_idx");
        builder.HasOne<UserRow>().WithMany().HasForeignKey(order => order.UserId)
            .OnDelete(DeleteBehavior.NoAction).HasConstraintName("orders_user_id_fkey");
    }
}
