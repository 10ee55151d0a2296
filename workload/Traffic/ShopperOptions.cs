namespace Reco.Workload.Traffic;

/// <summary>Who shops. The same values make the same events for the same times.</summary>
public sealed record ShopperOptions
{
    /// <summary>Decides tastes, popularity, and with <see cref="RunId"/> every step.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Told apart by it: two generators at once, or one before and after a restart. Letters, digits and dashes.</summary>
    public required string RunId { get; init; }

    /// <summary>Shoppers, user_000001 and on.</summary>
    public int Users { get; init; } = 5_000;

    /// <summary>Visits at once; a user has one at a time.</summary>
    public int OpenSessionsMax { get; init; } = 2_000;
}
