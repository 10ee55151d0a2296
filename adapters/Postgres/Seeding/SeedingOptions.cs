namespace Reco.Adapters.Postgres.Seeding;

/// <summary>Which orders are invented, and what happens to those that are there.</summary>
public sealed record SeedingOptions
{
    /// <summary>Most orders that can be asked for.</summary>
    public const int OrdersMax = 20_000_000;

    /// <summary>How many orders; about 2.5 times as many items.</summary>
    public int Orders { get; init; } = 1_200_000;

    /// <summary>The same seed, products and end give the same rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The orders are of the 730 days before this, so that they do not depend on the day they are made.</summary>
    public DateOnly Until { get; init; } = new(2026, 1, 1);

    /// <summary>How many of the last months have user_events as well: what was looked at and bought in the orders.</summary>
    public int EventMonths { get; init; } = 2;

    /// <summary>What happens to orders that were not made by seeding.</summary>
    public LiveOrders LiveOrders { get; init; } = LiveOrders.Refuse;
}

/// <summary>What seeding does with orders that are not its own.</summary>
public enum LiveOrders
{
    /// <summary>Nothing is done to a database that has any.</summary>
    Refuse,

    /// <summary>They stay; the orders of an earlier seeding are replaced.</summary>
    Keep,

    /// <summary>They are deleted, with all others.</summary>
    Delete,
}
