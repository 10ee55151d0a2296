namespace Reco.Adapters.Postgres.Seeding;

/// <summary>How far it is.</summary>
/// <param name="Phase">What is being done, in words.</param>
/// <param name="Done">Rows of it, or steps.</param>
/// <param name="Total">Of how many; more may come.</param>
public sealed record SeedingProgress(string Phase, long Done, long Total);

/// <summary>What was made.</summary>
/// <param name="Users">Users that orders were made for.</param>
/// <param name="Products">Products that were ordered from.</param>
/// <param name="Orders">Rows of orders.</param>
/// <param name="Items">Rows of order_items.</param>
/// <param name="Events">Rows of user_events.</param>
/// <param name="Replaced">Orders of an earlier seeding, or live ones, that were removed.</param>
public sealed record SeedingSummary(int Users, int Products, long Orders, long Items, long Events, long Replaced);
