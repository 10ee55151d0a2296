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
        Set = new Option<string[]>("--set")
        {
            Description = "Any other setting, such as Training:RetrainIntervalMinutes=1; may be repeated.",
            DefaultValueFactory = _ => [],
            HelpName = "Section:Key=value",
        };
        Set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set takes Section:Key=value; '{token.Value}' has no '='");
            }
        });
    }

    public Option<int> Port { get; }

    public Option<DirectoryInfo> Data { get; }

    public Option<string[]> Set { get; }

    /// <summary>The settings that they stand for, and the command's own; what --set says wins.</summary>
    public Dictionary<string, string?> Settings(ParseResult parsed, IEnumerable<(string Key, string Value)> own)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = FormattableString.Invariant($"http://127.0.0.1:{parsed.GetValue(Port)}"),
            ["Embedded:DataFolder"] = parsed.GetValue(Data)!.FullName,
        };
        foreach (var (key, value) in own)
        {
            settings[key] = value;
        }

        foreach (var pair in parsed.GetValue(Set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            settings[pair[..equals].Trim()] = pair[(equals + 1)..].Trim();
        }

        return settings;
    }
}
