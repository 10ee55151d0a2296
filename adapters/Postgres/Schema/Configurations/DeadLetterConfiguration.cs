using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Reco.Adapters.Postgres.Schema.Entities;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>Records that could not be processed; the key makes a replay harmless.</summary>
internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetterRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterRow> builder)
    {
        builder.ToTable("dead_letters");
        builder.HasKey(letter => new { letter.Source, letter.Partition, letter.Offset });
        builder.Property(letter => letter.RecordedAt).HasDefaultValueSql("now()");
    }
}
