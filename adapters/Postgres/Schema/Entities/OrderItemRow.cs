namespace Reco.Adapters.Postgres.Schema.Entities;

/// <summary>A row of <c>order_items</c>.</summary>
public sealed class OrderItemRow
{
    public long OrderId { get; set; }

    public short LineNo { get; set; }

    public required string ProductId { get; set; }

    public int Quantity { get; set; }

    public decimal UnitPrice { get; set; }
}
