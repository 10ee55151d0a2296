namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>What <c>orders.status</c> may be.</summary>
public static class OrderStatuses
{
    public const string Pending = "pending";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Delivered = "delivered";
    public const string Cancelled = "cancelled";
    public const string Returned = "returned";

    /// <summary>All of them, in the order of an order's life.</summary>
    public static readonly IReadOnlyList<string> All = [Pending, Paid, Shipped, Delivered, Cancelled, Returned];
}
