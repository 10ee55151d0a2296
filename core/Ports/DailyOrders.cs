namespace Reco.Core.Ports;

/// <summary>A day's orders, added up.</summary>
public sealed record DailyOrders
{
    /// <summary>The day, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Orders placed, cancelled and returned ones too.</summary>
    public required long Orders { get; init; }

    /// <summary>Pieces in them.</summary>
    public required long Pieces { get; init; }

    /// <summary>Money of the orders that were neither cancelled nor returned.</summary>
    public required decimal Revenue { get; init; }

    /// <summary>Distinct customers.</summary>
    public required long Customers { get; init; }

    /// <summary>Orders that were cancelled or returned.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Highest number of an order of the day.</summary>
    public required long NewestOrderId { get; init; }
}
