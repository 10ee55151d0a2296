using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Trending;

/// <summary>What counts as popular.</summary>
public sealed class PopularityOptions
{
    /// <summary>Time after which an event counts half.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromDays(7);
}
