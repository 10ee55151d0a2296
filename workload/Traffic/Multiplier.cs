using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reco.Workload.Traffic;

/// <summary>A factor as it is written on the command line and in configuration: "60x", "1.5x" or plain "60".</summary>
public static class Multiplier
{
    /// <summary>The factor, when the text is a positive finite number with or without a trailing x.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out double factor)
    {
        var digits = (text ?? "").AsSpan().Trim();
        if (digits.EndsWith("x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[..^1];
        }

        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out factor)
            && factor > 0
            && double.IsFinite(factor);
    }
}
