using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>What shoppers did. No foreign keys: events are kept as they came, and a month of them is dropped as a partition.</summary>
internal sealed class UserEventConfiguration : IEntityTypeConfiguration<UserEventRow>
{
    public void Configure(EntityTypeBuilder<UserEventRow> builder)
    {
        builder.ToTable("user_events", table => table.HasCheckConstraint(
            "user_events_event_type_check", "event_type in ('view', 'cart', 'purchase', 'like', 'search')"));

        // PostgreSQL wants the partition key in every unique key.
        builder.HasKey(shown => new { shown.EventId, shown.OccurredAt });
        builder.Property(shown => shown.EventId).IsId();
        builder.Property(shown => shown.UserId).IsId();
        builder.Property(shown => shown.ProductId).IsId();
        builder.Property(shown => shown.UnitPrice).HasColumnType("numeric(12,2)");

        // A user's history, the latest first.
        builder.HasIndex(shown => new { shown.UserId, shown.OccurredAt })
            .IsDescending(false, true)
            .HasDatabaseName("user_events_user_id_occurred_at_idx");
    }
}
