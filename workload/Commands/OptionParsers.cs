using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reco.Workload.Traffic;

namespace Reco.Workload.Commands;

/// <summary>Options that several commands share, and readers of values that are written in a form of their own.</summary>
internal static class OptionParsers
{
    public static Option<Uri> Url() => new("--url")
    {
        Description = "Address of the running system.",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:5000/"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value.TrimEnd('/') + "/", UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            {
                return url;
            }

            return Fail<Uri>(result, "--url must be an http or https address, such as http://127.0.0.1:5000");
        },
        HelpName = "address",
    };

    /// <summary>"90s", "10m", "2h", "1d" or "hh:mm:ss".</summary>
    public static TimeSpan? Duration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        return TryParseDuration(text, out var duration)
            ? duration
            : Fail<TimeSpan?>(result, $"'{text}' is no duration; write 90s, 10m, 2h, 1d or hh:mm:ss");
    }

    /// <summary>"max" is infinite, "60x" a factor.</summary>
    public static double Speed(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        return text == "max" ? double.PositiveInfinity
            : Multiplier.TryParse(text, out var factor) ? factor
            : Fail<double>(result, $"'{text}' is no speed; write max, or a factor such as 3600x");
    }

    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration > TimeSpan.Zero;
        }

        var seconds = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 };
        if (seconds == 0
            || !double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count * seconds is not (> 0 and < 1e9))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(count * seconds);
        return true;
    }

    private static T? Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
