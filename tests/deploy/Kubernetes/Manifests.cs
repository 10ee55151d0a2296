using System.Globalization;
using Reco.Deploy.Tests.Settings;
using Reco.Deploy.Tests.Yaml;

namespace Reco.Deploy.Tests.Kubernetes;

/// <summary>The manifests of deploy/k8s.</summary>
internal sealed class Manifests
{
    public const string Folder = "deploy/k8s";
    public const string Kustomization = "kustomization.yaml";
    public const string SecretExample = "secret.example.yaml";

    private Manifests(Func<string, string> read)
    {
        Files = DeployFiles.In(Folder);
        Objects = [.. Files.Where(file => file != Kustomization)
            .SelectMany(file => YamlValue.Documents(read($"{Folder}/{file}")).Select(value => new KubernetesObject(file, value)))];
        Resources = [.. YamlValue.Documents(read($"{Folder}/{Kustomization}")).Single()["resources"].Items.Select(item => item.Text!)];
    }

    public IReadOnlyList<string> Files { get; }

    /// <summary>What kustomization.yaml puts together.</summary>
    public IReadOnlyList<string> Resources { get; }

    public IReadOnlyList<KubernetesObject> Objects { get; }

    public IEnumerable<KubernetesObject> Workloads => OfKind("Deployment").Concat(OfKind("StatefulSet"));

    public IEnumerable<KubernetesObject> OfKind(string kind) => Objects.Where(found => found.Kind == kind);

    public KubernetesObject? Find(string? kind, string? name) => Objects.FirstOrDefault(found => found.Kind == kind && found.Name == name);

    /// <summary>Settings that a workload's container gets, from all that it names, with where each comes from.</summary>
    public IEnumerable<(string Key, string? Value)> SettingsOf(YamlValue container)
    {
        foreach (var source in container["envFrom"].Items)
        {
            foreach (var (key, value) in Find("ConfigMap", source["configMapRef"]["name"].Text)?.Value["data"].Entries ?? [])
            {
                yield return (KnownSettings.KeyOf(key), value.Text);
            }

            foreach (var (key, _) in Find("Secret", source["secretRef"]["name"].Text)?.Value["stringData"].Entries ?? [])
            {
                yield return (KnownSettings.KeyOf(key), null);
            }
        }

        foreach (var variable in container["env"].Items)
        {
            yield return (KnownSettings.KeyOf(variable["name"].Text!), variable["value"].Text);
        }

        foreach (var (key, value) in RecoSystem.SettingsIn(ArgumentsOf(container)))
        {
            yield return (key, value);
        }
    }

    public static IReadOnlyList<string> ArgumentsOf(YamlValue container) => [.. container["args"].Items.Select(item => item.Text!)];

    public static Manifests Load(Func<string, string>? changed = null) => new(changed ?? DeployFiles.Read);
}

/// <summary>One object of a manifest.</summary>
internal sealed record KubernetesObject(string File, YamlValue Value)
{
    public string? Kind => Value["kind"].Text;

    public string? Name => Value["metadata"]["name"].Text;

    public YamlValue Spec => Value["spec"];

    /// <summary>The pods of a workload.</summary>
    public YamlValue Pod => Spec["template"]["spec"];

    public YamlValue PodLabels => Spec["template"]["metadata"]["labels"];

    public IEnumerable<YamlValue> Containers => Pod["containers"].Items;

    public override string ToString() => $"{Kind} {Name}";

    public static int Number(YamlValue value, int missing = 0) =>
        int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : missing;
}
