using System.Text.RegularExpressions;

namespace Reco.Deploy.Tests.Compose;

/// <summary>Stages of our Dockerfile, as far as the checks look at them.</summary>
internal sealed partial class Dockerfile
{
    public const string Path = "deploy/docker/Dockerfile";

    private readonly Dictionary<string, (string From, List<string> Lines)> _stages = new(StringComparer.Ordinal);

    public Dockerfile(string text)
    {
        foreach (Match argument in ArgumentPattern().Matches(text))
        {
            text = text.Replace("${" + argument.Groups[1].Value + "}", argument.Groups[2].Value, StringComparison.Ordinal);
        }

        List<string>? lines = null;
        foreach (var line in text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            if (StagePattern().Match(line) is { Success: true } stage)
            {
                lines = [];
                _stages[stage.Groups[2].Value] = (stage.Groups[1].Value, lines);
            }
            else
            {
                lines?.Add(line.Trim());
            }
        }
    }

    public bool Has(string stage) => _stages.ContainsKey(stage);

    /// <summary>Images that stages begin with, other stages left out.</summary>
    public IEnumerable<string> BaseImages => _stages.Values.Select(stage => stage.From).Where(from => !_stages.ContainsKey(from));

    /// <summary>The user that a stage ends as; null for the base image's, which is root.</summary>
    public string? UserOf(string stage) => Last(stage, "USER ");

    /// <summary>What is run.</summary>
    public IEnumerable<string> Commands => Lines.Where(line => line.StartsWith("RUN ", StringComparison.Ordinal));

    /// <summary>Project files that are copied by name, for the restore.</summary>
    public IEnumerable<string> CopiedProjects => Lines
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' '))
        .Where(word => word.EndsWith(".csproj", StringComparison.Ordinal));

    private IEnumerable<string> Lines => _stages.Values.SelectMany(stage => stage.Lines);

    private string? Last(string stage, string instruction)
    {
        while (_stages.TryGetValue(stage, out var found))
        {
            if (found.Lines.LastOrDefault(line => line.StartsWith(instruction, StringComparison.Ordinal)) is { } line)
            {
                return line[instruction.Length..];
            }

            stage = found.From;
        }

        return null;
    }

    [GeneratedRegex(@"^ARG (\w+)=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex ArgumentPattern();

    [GeneratedRegex(@"^FROM (\S+) AS (\S+)$")]
    private static partial Regex StagePattern();
}
