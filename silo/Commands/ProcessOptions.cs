using System.CommandLine;
using System.Globalization;

namespace Reco.Silo.Commands;

/// <summary>What every long-running process of ours takes on the command line.</summary>
internal sealed class ProcessOptions
{
    public ProcessOptions()
    {
        Port = new Option<int>("--port")
        {
            Description = "Port of the REST gateway, on loopback.",
            DefaultValueFactory = _ => 5000,
            HelpName = "N",
        };
        Port.Validators.Add(result =>
        {
            // What is no number at all is refused by the parser; asking for its value here would throw.
            if (result.Tokens.Any(token => int.TryParse(token.Value, CultureInfo.InvariantCulture, out var wanted) && wanted is < 0 or > 65_535))
            {
                result.AddError("--port must be 0 (any free one) to 65535");
            }
        });
        Data = new Option<DirectoryInfo>("--data")
        {
            Description = "Folder of the event log and the grain state.",
            DefaultValueFactory = _ => new DirectoryInfo("data"),
            HelpName = "DIR",
        };
        Set = SetOption("Any other setting, such as Training:RetrainIntervalMinutes=1; may be repeated.");
    }

    public Option<int> Port { get; }

    public Option<DirectoryInfo> Data { get; }

    public Option<string[]> Set { get; }

    /// <summary>An option <c>--set</c>, for settings by name.</summary>
    public static Option<string[]> SetOption(string description)
    {
        var set = new Option<string[]>("--set") { Description = description, DefaultValueFactory = _ => [], HelpName = "Section:Key=value" };
        set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set takes Section:Key=value; '{token.Value}' has no '='");
            }
        });
        return set;
    }

    /// <summary>The settings that a <see cref="SetOption"/> was given, in their order.</summary>
    public static IEnumerable<(string Key, string Value)> Given(ParseResult parsed, Option<string[]> set) =>
        (parsed.GetValue(set) ?? []).Select(pair =>
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            return (pair[..equals].Trim(), pair[(equals + 1)..].Trim());
        });

    /// <summary>The settings that they stand for, and the command's own; what --set says wins.</summary>
    public Dictionary<string, string?> Settings(ParseResult parsed, IEnumerable<(string Key, string Value)> own)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = FormattableString.Invariant($"http://127.0.0.1:{parsed.GetValue(Port)}"),
            ["Embedded:DataFolder"] = parsed.GetValue(Data)!.FullName,
        };
        foreach (var (key, value) in own.Concat(Given(parsed, Set)))
        {
            settings[key] = value;
        }

        return settings;
    }
}
