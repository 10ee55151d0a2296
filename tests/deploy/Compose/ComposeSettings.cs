using System.Text.RegularExpressions;
using Reco.Deploy.Tests.Settings;

namespace Reco.Deploy.Tests.Compose;

/// <summary>Variables and settings of the compose file.</summary>
internal static partial class ComposeSettings
{
    /// <summary>What our own services are told, by name; a value that comes from the environment file is null.</summary>
    public static IEnumerable<(string Key, string? Value)> Of(ComposeService service) =>
        service.Environment
            .Select(variable => (KnownSettings.KeyOf(variable.Name), variable.Value.Contains("${", StringComparison.Ordinal) ? null : variable.Value))
            .Concat(RecoSystem.SettingsIn(service.Command).Select(setting => (setting.Key, (string?)setting.Value)));

    /// <summary>
    /// As the silo's process gets them, with words for the secrets. Without the cluster's, which the default build refuses: they are checked by name
    /// and type like all others.
    /// </summary>
    public static Dictionary<string, string?> OfSilo(ComposeFile file) =>
        file.Service("silo")!.Environment
            .Select(variable => (Key: KnownSettings.KeyOf(variable.Name), Value: VariablePattern().Replace(variable.Value, "a-word")))
            .Where(setting => !setting.Key.StartsWith("Cluster:", StringComparison.Ordinal))
            .ToDictionary(setting => setting.Key, setting => (string?)setting.Value);

    /// <summary>Names of the variables that the text takes from the environment file; $$ is a dollar sign.</summary>
    public static IEnumerable<string> VariablesIn(string text) =>
        VariablePattern().Matches(text).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"(?<!\$)\$\{(\w+)[^}]*\}")]
    private static partial Regex VariablePattern();
}
