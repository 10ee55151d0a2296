using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Profiles;

/// <summary>How much of a user's past is kept.</summary>
public sealed class HistoryOptions
{
    /// <summary>Most distinct products in a history.</summary>
    [Range(1, 10_000)]
    public int ProductsMax { get; set; } = 500;

    /// <summary>Most purchased products that are remembered.</summary>
    [Range(1, 1_000_000)]
    public int PurchasedMax { get; set; } = 10_000;

    /// <summary>When a history is full, the weight of a product counts half for every such time since its last event.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan EvictionHalfLife { get; set; } = TimeSpan.FromDays(30);
}
