using Microsoft.EntityFrameworkCore;
using Reco.Adapters.Postgres.Schema.Configurations;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema;

/// <summary>The shop's records. What moves many rows (sink, seeding, catalogue) speaks SQL over the same data source instead.</summary>
public sealed class RecoDbContext(DbContextOptions<RecoDbContext> options) : DbContext(options)
{
    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<ProductRow> Products => Set<ProductRow>();

    public DbSet<DeletedProductRow> DeletedProducts => Set<DeletedProductRow>();

    public DbSet<OrderRow> Orders => Set<OrderRow>();

    public DbSet<OrderItemRow> OrderItems => Set<OrderItemRow>();

    public DbSet<UserEventRow> UserEvents => Set<UserEventRow>();

    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfigurationsFromAssembly(
            typeof(RecoDbContext).Assembly, type => type.Namespace == typeof(UserConfiguration).Namespace);
        modelBuilder.UseSnakeCase();
    }
}
