using System.Globalization;
using System.Text.RegularExpressions;
using Reco.Deploy.Tests.Settings;

namespace Reco.Deploy.Tests.Compose;

/// <summary>What must be true of docker-compose.yml. Each check yields a sentence for each fault.</summary>
internal static partial class ComposeChecks
{
    public static IReadOnlyDictionary<string, Func<ComposeFile, RecoSystem, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<ComposeFile, RecoSystem, IEnumerable<string>>>
        {
            ["images"] = (file, _) => file.Services.SelectMany(service => Image(file, service)),
            ["users"] = (file, _) => file.Services.SelectMany(service => User(file, service)),
            ["health"] = (file, system) => file.Services.SelectMany(service => Health(service, system)),
            ["limits"] = (file, _) => file.Services.SelectMany(Limits),
            ["dependencies"] = (file, _) => file.Services.SelectMany(service => Dependencies(file, service)),
            ["volumes"] = (file, _) => Volumes(file),
            ["scale"] = (file, _) => Scale(file),
            ["ports"] = (file, _) => Ports(file),
            ["variables"] = (file, _) => Variables(file),
            ["secrets"] = (file, _) => Secrets(file),
            ["settings"] = (file, system) => Ours(file).SelectMany(service => Settings(service, system)),
            ["commands"] = (file, _) => Ours(file).SelectMany(Commands),
            ["addresses"] = (file, _) => Ours(file).SelectMany(service => Addresses(file, service)),
            ["shutdown"] = (file, _) => Ours(file).SelectMany(Shutdown),
        };

    private static IEnumerable<ComposeService> Ours(ComposeFile file) => file.Services.Where(service => service.Target is not null);

    private static IEnumerable<string> Image(ComposeFile file, ComposeService service)
    {
        var image = service.Value["image"].Text;
        if (image is null && service.Target is null)
        {
            yield return $"{service.Name}: neither image nor build";
        }
        else if (image is not null && !IsPinned(image))
        {
            yield return $"{service.Name}: image '{image}' has no version";
        }

        if (service.Target is { } target)
        {
            if (!file.Dockerfile.Has(target) || service.Value["build"]["dockerfile"].Text != Dockerfile.Path)
            {
                yield return $"{service.Name}: {service.Value["build"]["dockerfile"].Text} has no target '{target}'";
            }

            foreach (var unpinned in file.Dockerfile.BaseImages.Where(from => !IsPinned(from)))
            {
                yield return $"{service.Name}: base image '{unpinned}' has no version";
            }

            if (!file.Dockerfile.Commands.Any(command => command.Contains("publish silo/Reco.Silo.csproj -c Release -p:RecoHost=Orleans", StringComparison.Ordinal)))
            {
                yield return $"{service.Name}: the silo is not published with RecoHost=Orleans";
            }
        }
    }

    private static IEnumerable<string> User(ComposeFile file, ComposeService service)
    {
        var user = service.Value["user"].Text ?? (service.Target is { } target ? file.Dockerfile.UserOf(target) : null);
        if (user is null || user.Split(':')[0] is "0" or "root")
        {
            yield return $"{service.Name}: runs as root";
        }
    }

    private static IEnumerable<string> Health(ComposeService service, RecoSystem system)
    {
        if (service.HealthTest is not ["CMD" or "CMD-SHELL", _, ..] || !service.Value["healthcheck"]["interval"].Exists)
        {
            yield return $"{service.Name}: no health check";
            yield break;
        }

        if (service.Target is null)
        {
            yield break;
        }

        // "dotnet", the program, "health", ...
        foreach (var fault in RecoSystem.ArgumentFaults("silo", [.. service.HealthTest.Skip(3)]))
        {
            yield return $"{service.Name}: health check: {fault}";
        }

        foreach (var url in UrlsIn(service.HealthTest).Where(url => !system.Routes.Contains(url.AbsolutePath)))
        {
            yield return $"{service.Name}: health check asks for {url.AbsolutePath}, which is no route";
        }
    }

    private static IEnumerable<string> Limits(ComposeService service)
    {
        if (service.Value["deploy"]["resources"]["limits"]["memory"].Text is not { } memory || !MemoryPattern().IsMatch(memory))
        {
            yield return $"{service.Name}: no memory limit";
        }

        if (service.Value["restart"].Text is not ("unless-stopped" or "always" or "on-failure"))
        {
            yield return $"{service.Name}: no restart policy";
        }
    }

    private static IEnumerable<string> Dependencies(ComposeFile file, ComposeService service)
    {
        foreach (var (name, value) in service.Value["depends_on"].Entries)
        {
            if (file.Service(name) is not { } other)
            {
                yield return $"{service.Name}: depends on '{name}', which is no service";
            }
            else if (value["condition"].Text is not ("service_healthy" or "service_started" or "service_completed_successfully"))
            {
                yield return $"{service.Name}: depends on {name} without a condition";
            }
            else if (other.Value["depends_on"][service.Name].Exists)
            {
                yield return $"{service.Name} and {name} wait for each other";
            }
        }

        if (service.Value["depends_on"].Items.Count > 0)
        {
            yield return $"{service.Name}: depends_on is a list without conditions";
        }
    }

    private static IEnumerable<string> Volumes(ComposeFile file)
    {
        var declared = file.Root["volumes"].Entries.Select(entry => entry.Key).ToHashSet();
        var used = file.Services.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]).Where(name => !name.Contains('/')).ToHashSet();
        return used.Except(declared).Select(name => $"volume '{name}' is not declared")
            .Concat(declared.Except(used).Select(name => $"volume '{name}' is not used"));
    }

    private static IEnumerable<string> Scale(ComposeFile file)
    {
        var silo = file.Service("silo")!;
        if (silo.Value["container_name"].Exists || silo.Value["hostname"].Exists)
        {
            yield return "silo: a fixed name, so there can be one only";
        }

        if (silo.Ports.Count > 0)
        {
            yield return "silo: a published port, so there can be one only";
        }

        if (silo.Volumes.Count > 0)
        {
            yield return "silo: a volume that its replicas would share";
        }

        if (silo.Value["deploy"]["replicas"].Text != "2")
        {
            yield return "silo: not two replicas";
        }
    }

    private static IEnumerable<string> Ports(ComposeFile file)
    {
        foreach (var (service, port) in file.Services.SelectMany(service => service.Ports.Select(port => (service, port))))
        {
            var parts = port.Split(':');
            if (parts is not ["127.0.0.1", _, _])
            {
                yield return $"{service.Name}: {port} is published beyond this machine";
            }
            else if (service.Target is not null && RecoSystem.PortIn(service.Command)?.ToString(CultureInfo.InvariantCulture) != parts[2])
            {
                yield return $"{service.Name}: publishes {parts[2]}, which it does not listen on";
            }
        }

        foreach (var twice in file.Services.SelectMany(service => service.Ports).GroupBy(port => port.Split(':')[^2]).Where(group => group.Count() > 1))
        {
            yield return $"port {twice.Key} is published twice";
        }
    }

    private static IEnumerable<string> Variables(ComposeFile file)
    {
        var used = ComposeSettings.VariablesIn(file.Text).ToHashSet();
        var named = file.Example.Select(variable => variable.Name).ToHashSet();
        return used.Except(named).Select(name => $"{name} is not in deploy/compose.env.example")
            .Concat(named.Except(used).Select(name => $"{name} of deploy/compose.env.example is not used"));
    }

    private static IEnumerable<string> Secrets(ComposeFile file)
    {
        foreach (var (service, variable) in file.Services.SelectMany(service => service.Environment.Select(variable => (service, variable))))
        {
            var isSecret = SecretPattern().IsMatch(variable.Name);
            var hasSecret = SecretPattern().IsMatch(variable.Value) && variable.Value.Contains('=', StringComparison.Ordinal);
            if ((isSecret && !variable.Value.StartsWith("${", StringComparison.Ordinal))
                || (hasSecret && !variable.Value.Contains("Password=${", StringComparison.Ordinal)))
            {
                yield return $"{service.Name}: {variable.Name} is written down instead of taken from .env";
            }
        }

        foreach (var (name, _) in file.Example.Where(variable => SecretPattern().IsMatch(variable.Name) && variable.Value.Length > 0))
        {
            yield return $"{name} has a value in deploy/compose.env.example, which people will leave as it is";
        }

        foreach (var name in ComposeSettings.VariablesIn(file.Text).Where(name => !file.Text.Contains($"${{{name}:?", StringComparison.Ordinal)))
        {
            yield return $"{name} may be missing without a word";
        }
    }

    private static IEnumerable<string> Settings(ComposeService service, RecoSystem system) =>
        ComposeSettings.Of(service)
            .Select(setting => system.Settings.FaultOf(setting.Key, setting.Value))
            .Where(fault => fault is not null)
            .Select(fault => $"{service.Name}: {fault}");

    private static IEnumerable<string> Commands(ComposeService service) =>
        RecoSystem.ArgumentFaults(service.Target!, service.Command).Select(fault => $"{service.Name}: {fault}");

    /// <summary>Hosts that our services are told must be services, and our own must listen on the port.</summary>
    private static IEnumerable<string> Addresses(ComposeFile file, ComposeService service)
    {
        var urls = UrlsIn([.. service.Command, .. service.HealthTest, .. service.Environment.Select(variable => variable.Value)]);
        var pairs = service.Environment.SelectMany(variable => variable.Value.Split(',')).Select(value => HostPattern().Match(value)).Where(match => match.Success)
            .Select(match => (Host: match.Groups[1].Value, Port: int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
        foreach (var (host, port) in urls.Select(url => (url.Host, url.Port)).Concat(pairs).Where(address => address.Item1 != "0.0.0.0"))
        {
            var other = service.IsReachedAt(host) ? service : file.Service(host);
            if (other is null)
            {
                yield return $"{service.Name}: '{host}' is no service";
            }
            else if (other.Target is not null && RecoSystem.PortIn(other.Command) != port)
            {
                yield return $"{service.Name}: {other.Name} does not listen on {port}";
            }
        }

        foreach (var (_, value) in service.Environment.Where(variable => variable.Value.StartsWith("Host=", StringComparison.Ordinal)))
        {
            if (file.Service(value["Host=".Length..value.IndexOf(';', StringComparison.Ordinal)]) is null)
            {
                yield return $"{service.Name}: {value.Split(';')[0]} is no service";
            }
        }
    }

    private static IEnumerable<string> Shutdown(ComposeService service)
    {
        var wanted = service.Environment.FirstOrDefault(variable => variable.Name == "Cluster__ShutdownSeconds").Value ?? "10";
        var given = service.Value["stop_grace_period"].Text?.TrimEnd('s') ?? "10";
        if (int.Parse(given, CultureInfo.InvariantCulture) <= int.Parse(wanted, CultureInfo.InvariantCulture))
        {
            yield return $"{service.Name}: killed after {given} s, and may take {wanted} s to stop";
        }
    }

    private static IEnumerable<Uri> UrlsIn(IEnumerable<string> texts) =>
        texts.Select(text => text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .Where(text => text.StartsWith("http", StringComparison.Ordinal))
            .Select(text => new Uri(text));

    /// <summary>A digest, or a tag with a digit in it: not "latest", not "stable".</summary>
    public static bool IsPinned(string image) => PinnedPattern().IsMatch(image);

    [GeneratedRegex(@"(:[\w.-]*\d[\w.-]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedPattern();

    [GeneratedRegex("^[0-9]+[kmg]$")]
    private static partial Regex MemoryPattern();

    [GeneratedRegex("password|secret|_key|auth$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretPattern();

    [GeneratedRegex(@"^([a-z][a-z0-9-]*):(\d+)$")]
    private static partial Regex HostPattern();
}
