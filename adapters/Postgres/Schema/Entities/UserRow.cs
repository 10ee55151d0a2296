namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>users</c>.</summary>
public sealed class UserRow
{
    public required string UserId { get; set; }

    public required string Name { get; set; }

    public string? Country { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }
}
