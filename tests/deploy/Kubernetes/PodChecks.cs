using System.Globalization;
using Reco.Deploy.Tests.Compose;
using Reco.Deploy.Tests.Settings;
using Reco.Deploy.Tests.Yaml;

namespace Reco.Deploy.Tests.Kubernetes;

/// <summary>What must be true of the pods of each workload.</summary>
internal static class PodChecks
{
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public static IEnumerable<string> Images(KubernetesObject workload) =>
        workload.Containers.Where(container => !ComposeChecks.IsPinned(container["image"].Text ?? ""))
            .Select(container => $"{workload}: image '{container["image"].Text}' has no version");

    public static IEnumerable<string> ProbesOf(Manifests manifests, KubernetesObject workload, RecoSystem system)
    {
        foreach (var container in workload.Containers)
        {
            var allowed = manifests.SettingsOf(container).LastOrDefault(setting => setting.Key == "AllowedHosts").Value?.Split(';') ?? [];
            foreach (var name in Probes)
            {
                var get = container[name]["httpGet"];
                var host = get["httpHeaders"].Items.FirstOrDefault(header => header["name"].Text == "Host")["value"].Text;
                if (!get.Exists)
                {
                    yield return $"{workload}: no {name}";
                }
                else if (!system.Routes.Contains(get["path"].Text ?? ""))
                {
                    yield return $"{workload}: {name} asks for {get["path"].Text}, which is no route";
                }
                else if (!HasPort(container, get["port"].Text))
                {
                    yield return $"{workload}: {name} asks at port {get["port"].Text}, which is none of its own";
                }
                else if (!allowed.Contains(host))
                {
                    yield return $"{workload}: {name} says it calls '{host}', which AllowedHosts refuses";
                }
            }
        }
    }

    public static IEnumerable<string> Resources(KubernetesObject workload) =>
        from container in workload.Containers
        from missing in new[] { ("requests", "cpu"), ("requests", "memory"), ("limits", "memory") }
        where container["resources"][missing.Item1][missing.Item2].Text is null
        select $"{workload}: no {missing.Item1}.{missing.Item2}";

    public static IEnumerable<string> Security(KubernetesObject workload)
    {
        var pod = workload.Pod["securityContext"];
        if (pod["runAsNonRoot"].Text != "true" || KubernetesObject.Number(pod["runAsUser"]) == 0)
        {
            yield return $"{workload}: may run as root";
        }

        if (pod["seccompProfile"]["type"].Text != "RuntimeDefault")
        {
            yield return $"{workload}: no seccomp profile";
        }

        if (workload.Pod["automountServiceAccountToken"].Text != "false")
        {
            yield return $"{workload}: has a token of the API server that it does not need";
        }

        foreach (var own in workload.Containers.Select(container => container["securityContext"]))
        {
            if (own["readOnlyRootFilesystem"].Text != "true")
            {
                yield return $"{workload}: may write into its image";
            }

            if (own["allowPrivilegeEscalation"].Text != "false" || !own["capabilities"]["drop"].Items.Any(item => item.Text == "ALL"))
            {
                yield return $"{workload}: may gain privileges";
            }
        }
    }

    public static IEnumerable<string> Volumes(KubernetesObject workload)
    {
        var declared = workload.Pod["volumes"].Items.Select(volume => volume["name"].Text).ToHashSet();
        foreach (var container in workload.Containers)
        {
            var mounts = container["volumeMounts"].Items;
            foreach (var name in mounts.Select(mount => mount["name"].Text).Where(name => !declared.Contains(name)))
            {
                yield return $"{workload}: volume '{name}' is not declared";
            }

            var arguments = Manifests.ArgumentsOf(container);
            var data = arguments.SkipWhile(argument => argument != "--data").Skip(1).FirstOrDefault();
            foreach (var folder in new[] { data, "/tmp" }.Where(folder => mounts.All(mount => mount["mountPath"].Text != folder)))
            {
                yield return $"{workload}: writes to {folder}, which is read-only";
            }
        }
    }

    public static IEnumerable<string> Settings(Manifests manifests, KubernetesObject workload, RecoSystem system)
    {
        foreach (var container in workload.Containers)
        {
            foreach (var source in container["envFrom"].Items)
            {
                if (manifests.Find("ConfigMap", source["configMapRef"]["name"].Text) is null && manifests.Find("Secret", source["secretRef"]["name"].Text) is null)
                {
                    yield return $"{workload}: takes settings from a ConfigMap or Secret that is not there";
                }
            }

            foreach (var (key, value) in manifests.SettingsOf(container))
            {
                if (system.Settings.FaultOf(key, value) is { } fault)
                {
                    yield return $"{workload}: {fault}";
                }
            }

            foreach (var fault in RecoSystem.ArgumentFaults(workload.Name!, Manifests.ArgumentsOf(container)))
            {
                yield return $"{workload}: {fault}";
            }
        }
    }

    /// <summary>The ports that the pod says it has are those that the settings make it listen on.</summary>
    public static IEnumerable<string> Ports(Manifests manifests, KubernetesObject workload)
    {
        foreach (var container in workload.Containers)
        {
            var settings = manifests.SettingsOf(container).ToList();
            var expected = new Dictionary<string, string?>
            {
                ["http"] = RecoSystem.PortIn(Manifests.ArgumentsOf(container))?.ToString(CultureInfo.InvariantCulture),
                ["silo"] = settings.LastOrDefault(setting => setting.Key == "Cluster:SiloPort").Value,
                ["silo-gateway"] = settings.LastOrDefault(setting => setting.Key == "Cluster:GatewayPort").Value,
            };
            foreach (var port in container["ports"].Items)
            {
                if (expected.GetValueOrDefault(port["name"].Text!) != port["containerPort"].Text)
                {
                    yield return $"{workload}: does not listen on {port["containerPort"].Text} for {port["name"].Text}";
                }
            }
        }
    }

    public static IEnumerable<string> Shutdown(Manifests manifests, KubernetesObject workload)
    {
        var given = KubernetesObject.Number(workload.Pod["terminationGracePeriodSeconds"], missing: 30);
        foreach (var container in workload.Containers)
        {
            var wanted = int.Parse(
                manifests.SettingsOf(container).LastOrDefault(setting => setting.Key == "Cluster:ShutdownSeconds").Value ?? "25", CultureInfo.InvariantCulture);
            wanted += KubernetesObject.Number(container["lifecycle"]["preStop"]["sleep"]["seconds"]);
            if (given <= wanted)
            {
                yield return $"{workload}: killed after {given} s, and may take {wanted} s to stop";
            }
        }
    }

    public static bool HasPort(YamlValue container, string? port) =>
        container["ports"].Items.Any(own => own["name"].Text == port || own["containerPort"].Text == port);
}
