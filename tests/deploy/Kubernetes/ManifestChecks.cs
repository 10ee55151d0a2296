using Reco.Deploy.Tests.Settings;
using Reco.Deploy.Tests.Yaml;

namespace Reco.Deploy.Tests.Kubernetes;

/// <summary>What must be true of the manifests together. Each check yields a sentence for each fault.</summary>
internal static class ManifestChecks
{
    public static IReadOnlyDictionary<string, Func<Manifests, RecoSystem, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<Manifests, RecoSystem, IEnumerable<string>>>
        {
            ["images"] = (manifests, _) => manifests.Workloads.SelectMany(PodChecks.Images),
            ["probes"] = (manifests, system) => manifests.Workloads.SelectMany(workload => PodChecks.ProbesOf(manifests, workload, system)),
            ["resources"] = (manifests, _) => manifests.Workloads.SelectMany(PodChecks.Resources),
            ["security"] = (manifests, _) => manifests.Workloads.SelectMany(PodChecks.Security),
            ["volumes"] = (manifests, _) => manifests.Workloads.SelectMany(PodChecks.Volumes),
            ["settings"] = (manifests, system) => manifests.Workloads.SelectMany(workload => PodChecks.Settings(manifests, workload, system)),
            ["ports"] = (manifests, _) => manifests.Workloads.SelectMany(workload => PodChecks.Ports(manifests, workload)),
            ["shutdown"] = (manifests, _) => manifests.Workloads.SelectMany(workload => PodChecks.Shutdown(manifests, workload)),
            ["files"] = (manifests, _) => Files(manifests),
            ["selectors"] = (manifests, _) => Selectors(manifests),
            ["services"] = (manifests, _) => Services(manifests),
            ["network"] = (manifests, _) => Network(manifests),
            ["disruption"] = (manifests, _) => Disruption(manifests),
            ["spread"] = (manifests, _) => manifests.Workloads.SelectMany(Spread),
            ["scaling"] = (manifests, _) => Scaling(manifests),
        };

    private static IEnumerable<string> Files(Manifests manifests)
    {
        var wanted = manifests.Files.Except([Manifests.Kustomization, Manifests.SecretExample]).ToList();
        return wanted.Except(manifests.Resources).Select(file => $"{file} is not in {Manifests.Kustomization}")
            .Concat(manifests.Resources.Except(wanted).Select(file => $"{Manifests.Kustomization} names {file}, which is not there, or a secret"))
            .Concat(manifests.Objects.Where(found => found.Kind is null || found.Name is null || !found.Value["apiVersion"].Exists)
                .Select(found => $"{found.File}: an object without apiVersion, kind or name"))
            .Concat(manifests.Objects.GroupBy(found => found.ToString()).Where(group => group.Count() > 1).Select(group => $"{group.Key} is there twice"));
    }

    private static IEnumerable<string> Selectors(Manifests manifests) =>
        from workload in manifests.Workloads
        where !workload.Spec["selector"]["matchLabels"].IsPartOf(workload.PodLabels)
        select $"{workload}: its selector does not match its own pods";

    private static IEnumerable<string> Services(Manifests manifests)
    {
        foreach (var service in manifests.OfKind("Service"))
        {
            var pods = Matching(manifests, service.Spec["selector"]).ToList();
            if (pods.Count == 0)
            {
                yield return $"{service}: its selector matches nothing";
            }

            foreach (var port in service.Spec["ports"].Items.Select(port => port["targetPort"].Text))
            {
                if (!pods.All(pod => pod.Containers.Any(container => PodChecks.HasPort(container, port))))
                {
                    yield return $"{service}: its pods have no port {port}";
                }
            }
        }
    }

    private static IEnumerable<string> Network(Manifests manifests)
    {
        foreach (var policy in manifests.OfKind("NetworkPolicy"))
        {
            var pods = Matching(manifests, policy.Spec["podSelector"]["matchLabels"]).ToList();
            if (pods.Count == 0)
            {
                yield return $"{policy}: its selector matches nothing";
            }

            var rules = policy.Spec["ingress"].Items;
            foreach (var labels in rules.SelectMany(rule => rule["from"].Items).Select(from => from["podSelector"]["matchLabels"]).Where(labels => labels.Exists))
            {
                if (!Matching(manifests, labels).Any())
                {
                    yield return $"{policy}: lets in pods that do not exist";
                }
            }

            var open = rules.SelectMany(rule => rule["ports"].Items).Select(port => port["port"].Text).ToHashSet();
            foreach (var container in pods.SelectMany(pod => pod.Containers))
            {
                foreach (var name in open.Where(name => !PodChecks.HasPort(container, name)))
                {
                    yield return $"{policy}: its pods have no port {name}";
                }

                foreach (var name in container["ports"].Items.Select(port => port["name"].Text).Where(name => !open.Contains(name)))
                {
                    yield return $"{policy}: lets nobody in at {name}";
                }
            }
        }
    }

    private static IEnumerable<string> Disruption(Manifests manifests)
    {
        foreach (var workload in manifests.Workloads)
        {
            var budget = manifests.OfKind("PodDisruptionBudget").FirstOrDefault(found => found.Spec["selector"]["matchLabels"].IsPartOf(workload.PodLabels));
            if (budget is null)
            {
                yield return $"{workload}: no PodDisruptionBudget";
            }
            else if (KubernetesObject.Number(budget.Spec["maxUnavailable"]) != 1)
            {
                yield return $"{budget}: not one at a time";
            }
        }
    }

    private static IEnumerable<string> Spread(KubernetesObject workload)
    {
        var apart = workload.Pod["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"].Items
            .Select(term => term["podAffinityTerm"])
            .Concat(workload.Pod["topologySpreadConstraints"].Items)
            .ToList();
        if (!apart.Any(rule => rule["topologyKey"].Text == "kubernetes.io/hostname"))
        {
            yield return $"{workload}: its pods may all be on one node";
        }

        if (apart.Any(rule => !rule["labelSelector"]["matchLabels"].IsPartOf(workload.PodLabels)))
        {
            yield return $"{workload}: keeps apart from other pods than its own";
        }
    }

    private static IEnumerable<string> Scaling(Manifests manifests)
    {
        var meters = RecoSystem.PrometheusNames();
        foreach (var scaler in manifests.OfKind("HorizontalPodAutoscaler"))
        {
            var target = scaler.Spec["scaleTargetRef"];
            if (manifests.Find(target["kind"].Text, target["name"].Text) is not { } workload)
            {
                yield return $"{scaler}: scales {target["name"].Text}, which is not there";
                continue;
            }

            if (workload.Spec["replicas"].Exists)
            {
                yield return $"{workload}: says how many replicas, which {scaler} decides";
            }

            foreach (var metric in scaler.Spec["metrics"].Items.Select(metric => metric["external"]["metric"]["name"].Text).OfType<string>())
            {
                if (!meters.Contains(metric))
                {
                    yield return $"{scaler}: no meter is exported as {metric}";
                }
            }

            if (workload.Name == "silo")
            {
                var most = KubernetesObject.Number(scaler.Spec["maxReplicas"]) + KubernetesObject.Number(workload.Spec["strategy"]["rollingUpdate"]["maxSurge"], missing: 1);
                var partitions = KubernetesObject.Number(manifests.Find("ConfigMap", "reco")?.Value["data"]["Kafka__Partitions"] ?? default);
                if (most > partitions)
                {
                    yield return $"{scaler}: {most} silos share {partitions} partitions, and one without is never ready";
                }
            }
        }
    }

    private static IEnumerable<KubernetesObject> Matching(Manifests manifests, YamlValue labels) =>
        manifests.Workloads.Where(workload => labels.IsPartOf(workload.PodLabels));
}
