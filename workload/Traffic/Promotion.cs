using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reco.Workload.Traffic;

/// <summary>A promotion that runs every day between two times (UTC); it may cross midnight.</summary>
/// <param name="From">First moment.</param>
/// <param name="Until">First moment after it.</param>
/// <param name="Factor">What the load is multiplied by.</param>
public sealed record Promotion(TimeOnly From, TimeOnly Until, double Factor = LoadCurve.DefaultPromotionFactor)
{
    /// <summary>Largest factor that is accepted.</summary>
    public const double FactorMax = 1_000;

    /// <summary>Whether it runs at this instant.</summary>
    public bool Covers(DateTimeOffset at) => TimeOnly.FromDateTime(at.UtcDateTime).IsBetween(From, Until);

    /// <summary>Reads "HH:mm-HH:mm", optionally with "@20x".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Promotion? promotion)
    {
        promotion = null;
        var factor = LoadCurve.DefaultPromotionFactor;
        var times = text ?? "";
        if (times.IndexOf('@') is var at and >= 0)
        {
            if (!Multiplier.TryParse(times[(at + 1)..], out factor) || factor > FactorMax)
            {
                return false;
            }

            times = times[..at];
        }

        var dash = times.IndexOf('-');
        if (dash < 0 || !TryParseTime(times[..dash], out var from) || !TryParseTime(times[(dash + 1)..], out var until) || from == until)
        {
            return false;
        }

        promotion = new Promotion(from, until, factor);
        return true;
    }

    private static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text.Trim(), "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
