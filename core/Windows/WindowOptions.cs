using System.ComponentModel.DataAnnotations;

namespace Reco.Core.Windows;

/// <summary>The sliding window over event time.</summary>
public sealed class WindowOptions : IValidatableObject
{
    /// <summary>Most panes in a window: each costs memory in every grain.</summary>
    public const int PanesPerWindowMax = 60;

    /// <summary>How long a window is.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Length { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How far the next window is from this one; the length is a multiple of it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Slide { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How far an event may be behind the newest one and still count in windows.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan AllowedLateness { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Slide <= TimeSpan.Zero)
        {
            yield break; // The range of the field says so already.
        }

        if (Slide.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            yield return new($"{nameof(Slide)} must be whole milliseconds", [nameof(Slide)]);
        }

        if (Length.Ticks % Slide.Ticks != 0)
        {
            yield return new($"{nameof(Length)} must be a multiple of {nameof(Slide)}", [nameof(Length), nameof(Slide)]);
        }

        if (Length.Ticks / Slide.Ticks > PanesPerWindowMax)
        {
            yield return new($"{nameof(Length)} must be at most {PanesPerWindowMax} times {nameof(Slide)}", [nameof(Length), nameof(Slide)]);
        }

        if (AllowedLateness.Ticks / Slide.Ticks > PanesPerWindowMax)
        {
            yield return new(
                $"{nameof(AllowedLateness)} must be at most {PanesPerWindowMax} times {nameof(Slide)}", [nameof(AllowedLateness), nameof(Slide)]);
        }
    }
}
