using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Trending;

/// <summary>What counts as trending. Activity is in weighted events: view 1, cart 3, like 4, purchase 5.</summary>
public sealed class TrendingOptions : IValidatableObject
{
    /// <summary>Half-life of "now".</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ShortHalfLife { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Half-life of "usually"; at least four times the short one, or the two cannot be told apart.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan BaselineHalfLife { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Activity that is added to both sides of the shop's load factor while the shop is young, and fades as its usual activity
    /// exceeds it: so that a burst shows even if it is all there is.
    /// </summary>
    [Range(0.1, 1_000_000)]
    public double LoadPrior { get; set; } = 20;

    /// <summary>Activity that is added to a product's expected activity, for the spread of what has hardly been seen before.</summary>
    [Range(0.1, 1_000_000)]
    public double ActivityPrior { get; set; } = 10;

    /// <summary>Activity at which a score counts half; less of it is shrunk towards 0.</summary>
    [Range(0, 1_000_000)]
    public double HalfSupport { get; set; } = 10;

    /// <summary>Scores below it are dropped.</summary>
    [Range(0.001, 1_000)]
    public double ScoreMin { get; set; } = 0.5;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BaselineHalfLife < 4 * ShortHalfLife)
        {
            yield return new(
                $"{nameof(BaselineHalfLife)} must be at least 4 times {nameof(ShortHalfLife)}", [nameof(BaselineHalfLife), nameof(ShortHalfLife)]);
        }
    }
}
