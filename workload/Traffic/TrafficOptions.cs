using System.ComponentModel.DataAnnotations;

namespace Reco.Workload.Traffic;

/// <summary>How much traffic to make; configuration section "Generator".</summary>
public sealed class TrafficOptions
{
    public const string Section = "Generator";

    /// <summary>Whether the silo makes traffic itself.</summary>
    public bool Enabled { get; set; }

    /// <summary>A fixed rate; without it the load curve decides.</summary>
    [Range(0.1, 1_000_000)]
    public double? RatePerSecond { get; set; }

    /// <summary>The load curve's events per second when every factor is 1.</summary>
    [Range(0.1, 100_000)]
    public double BaseRatePerSecond { get; set; } = LoadCurve.DefaultBaseRatePerSecond;

    /// <summary>
    /// Simulated seconds in a real second: "60x". Only time stamps and the place on the curve run faster: the rate stays events per
    /// real second.
    /// </summary>
    [Required]
    public string Clock { get; set; } = "1x";

    /// <summary>With a clock faster than 1x: how far in the past it starts. It then catches up with the real time and goes on at 1x.</summary>
    [Range(1.0, 24.0 * 365)]
    public double StartHoursAgo { get; set; } = 24;

    /// <summary>Decides tastes and popularity.</summary>
    public ulong Seed { get; set; } = 42;

    /// <summary>Part of every event id, so that two runs never make the same one; without it the time the run starts.</summary>
    [RegularExpression("^[A-Za-z0-9-]{1,40}$", ErrorMessage = "RunId must be 1 to 40 letters, digits and dashes.")]
    public string? RunId { get; set; }

    /// <summary>Shoppers, user_000001 and on.</summary>
    [Range(10, 1_000_000)]
    public int Users { get; set; } = 5_000;

    /// <summary>Visits at once.</summary>
    [Range(4, 100_000)]
    public int OpenSessionsMax { get; set; } = 2_000;

    /// <summary>Daily promotions, UTC: "12:00-13:00" or "12:00-13:00@5x".</summary>
    public IList<string> Promotions { get; set; } = [];

    /// <summary>How often due events are made.</summary>
    [Range(1, 1_000)]
    public int TickMs { get; set; } = 50;

    /// <summary>After a pause at most this much is made up for; the rest is skipped, counted and said.</summary>
    [Range(10, 60_000)]
    public int CatchUpMsMax { get; set; } = 1_000;

    /// <summary><see cref="Clock"/> as a number.</summary>
    /// <exception cref="FormatException">It is not a factor from 1 to 3,600; the validator says so before.</exception>
    public double ClockFactor() => Multiplier.TryParse(Clock, out var factor) && factor is >= 1 and <= 3_600
        ? factor
        : throw new FormatException($"the clock must be a factor from 1x to 3600x, such as 60x; it is '{Clock}'");

    /// <summary><see cref="Promotions"/>, read.</summary>
    /// <exception cref="FormatException">One of them is not a promotion; the validator says so before.</exception>
    public IReadOnlyList<Promotion> DailyPromotions() => [.. Promotions.Select(text => Promotion.TryParse(text, out var promotion)
        ? promotion
        : throw new FormatException($"a promotion is HH:mm-HH:mm or HH:mm-HH:mm@20x (UTC, at most {Promotion.FactorMax:0}x); this is '{text}'"))];
}
