using Reco.Deploy.Tests.Yaml;

namespace Reco.Deploy.Tests.Compose;

/// <summary>docker-compose.yml, and the two files that it goes with.</summary>
internal sealed class ComposeFile
{
    public const string Path = "docker-compose.yml";

    private ComposeFile(string text, string example, Dockerfile dockerfile)
    {
        (Text, Dockerfile) = (text, dockerfile);
        Root = YamlValue.Documents(text).Single();
        Services = [.. Root["services"].Entries.Select(entry => new ComposeService(entry.Key, entry.Value))];
        Example = [.. example.Split('\n')
            .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .Select(parts => (parts[0].Trim(), parts[1].Trim()))];
    }

    public string Text { get; }

    public YamlValue Root { get; }

    public Dockerfile Dockerfile { get; }

    public IReadOnlyList<ComposeService> Services { get; }

    /// <summary>Names and values of the example of the environment file.</summary>
    public IReadOnlyList<(string Name, string Value)> Example { get; }

    public ComposeService? Service(string name) => Services.FirstOrDefault(service => service.Name == name);

    public static ComposeFile Load(Func<string, string>? changed = null)
    {
        var read = changed ?? DeployFiles.Read;
        return new ComposeFile(read(Path), read("deploy/compose.env.example"), new Dockerfile(read(Dockerfile.Path)));
    }
}

/// <summary>One service of it.</summary>
internal sealed record ComposeService(string Name, YamlValue Value)
{
    /// <summary>The target of our Dockerfile that it is built from; null for an image of others.</summary>
    public string? Target => Value["build"]["target"].Text;

    public IReadOnlyList<string> Command => [.. Value["command"].Items.Select(item => item.Text ?? "")];

    public IReadOnlyList<string> HealthTest => [.. Value["healthcheck"]["test"].Items.Select(item => item.Text ?? "")];

    public IReadOnlyList<string> Ports => [.. Value["ports"].Items.Select(item => item.Text ?? "")];

    /// <summary>"postgres:/var/lib/..." and the like.</summary>
    public IReadOnlyList<string> Volumes => [.. Value["volumes"].Items.Select(item => item.Text ?? "")];

    public IReadOnlyList<(string Name, string Value)> Environment =>
        [.. Value["environment"].Entries.Select(entry => (entry.Key, entry.Value.Text ?? ""))];

    /// <summary>Whether a string is the name of this service, or what a container calls itself.</summary>
    public bool IsReachedAt(string host) => host == Name || host is "127.0.0.1" or "localhost";
}
