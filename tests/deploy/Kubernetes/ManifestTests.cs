using Reco.Deploy.Tests.Settings;

namespace Reco.Deploy.Tests.Kubernetes;

public sealed class ManifestTests(RecoSystemFixture fixture) : IClassFixture<RecoSystemFixture>
{
    public static TheoryData<string> Checks => [.. ManifestChecks.All.Keys];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Manifests_AsTheyStand_HaveNoFault(string check) => Assert.Empty(ManifestChecks.All[check](Manifests.Load(), fixture.System));

    [Fact]
    public void Manifests_Kinds_AreThoseOfTheDeployment() => Assert.Equal(
        [
            "ConfigMap reco", "Deployment client-api", "Deployment silo", "HorizontalPodAutoscaler client-api", "HorizontalPodAutoscaler silo", "Namespace reco",
            "NetworkPolicy silo", "PodDisruptionBudget client-api", "PodDisruptionBudget silo", "Secret reco", "Service client-api", "Service silo",
        ],
        Manifests.Load().Objects.Select(found => found.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("images", "image: reco/silo:1.0.0", "image: reco/silo:latest", "Deployment silo: image 'reco/silo:latest' has no version")]
    [InlineData("images", "image: reco/client-api:1.0.0", "image: reco/client-api", "Deployment client-api: image 'reco/client-api' has no version")]
    [InlineData("probes", "livenessProbe", "aliveProbe", "Deployment silo: no livenessProbe")]
    [InlineData("probes", "path: /health/ready", "path: /ready", "Deployment client-api: readinessProbe asks for /ready, which is no route")]
    [InlineData("probes", "port: http\n              httpHeaders", "port: rest\n              httpHeaders", "asks at port rest, which is none of its own")]
    [InlineData("probes", "value: localhost", "value: silo", "says it calls 'silo', which AllowedHosts refuses")]
    [InlineData("resources", "              cpu: \"1\"\n", "", "Deployment silo: no requests.cpu")]
    [InlineData("resources", "limits:\n              memory: 1Gi", "limits:\n              cpu: 1", "Deployment client-api: no limits.memory")]
    [InlineData("security", "runAsNonRoot: true", "runAsNonRoot: false", "Deployment silo: may run as root")]
    [InlineData("security", "runAsUser: 1654", "runAsUser: 0", "Deployment client-api: may run as root")]
    [InlineData("security", "type: RuntimeDefault", "type: Unconfined", "no seccomp profile")]
    [InlineData("security", "automountServiceAccountToken: false", "automountServiceAccountToken: true", "has a token")]
    [InlineData("security", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "may write into its image")]
    [InlineData("security", "drop: [ALL]", "drop: [NET_RAW]", "may gain privileges")]
    [InlineData("security", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true", "may gain privileges")]
    [InlineData("volumes", "        - name: data\n          emptyDir", "        - name: state\n          emptyDir", "volume 'data' is not declared")]
    [InlineData("volumes", "mountPath: /data", "mountPath: /var/data", "writes to /data, which is read-only")]
    [InlineData("volumes", "mountPath: /tmp", "mountPath: /scratch", "writes to /tmp, which is read-only")]
    [InlineData("settings", "Kafka__BootstrapServers", "Kafka__Servers", "no options have a setting 'Kafka:Servers'")]
    [InlineData("settings", "Kafka__Partitions: \"32\"", "Kafka__Partitions: lots", "does not take 'lots'")]
    [InlineData("settings", "  Redis__Password", "  Cache__Password", "no options have a section 'Cache'")]
    [InlineData("settings", "Cluster__AdvertisedAddress", "Cluster__Address", "Deployment silo: no options have a setting 'Cluster:Address'")]
    [InlineData("settings", "configMapRef:\n                name: reco", "configMapRef:\n                name: settings", "that is not there")]
    [InlineData("settings", "\"--no-generator\"", "\"--quiet\"", "Deployment silo: ")]
    [InlineData("settings", "\"urls=http", "\"Server:Urls=http", "no options have a section 'Server'")]
    [InlineData("ports", "containerPort: 11111", "containerPort: 11112", "Deployment silo: does not listen on 11112 for silo")]
    [InlineData("ports", "Cluster__GatewayPort: \"30000\"", "Cluster__GatewayPort: \"30001\"", "does not listen on 30000 for silo-gateway")]
    [InlineData("ports", "urls=http://0.0.0.0:5000", "urls=http://127.0.0.1:5000", "Deployment client-api: does not listen on 5000 for http")]
    [InlineData("shutdown", "terminationGracePeriodSeconds: 40", "terminationGracePeriodSeconds: 25", "Deployment silo: killed after 25 s")]
    [InlineData("shutdown", "      terminationGracePeriodSeconds: 40\n", "", "Deployment client-api: killed after 30 s, and may take 30 s to stop")]
    [InlineData("shutdown", "Cluster__ShutdownSeconds: \"25\"", "Cluster__ShutdownSeconds: \"60\"", "may take 60 s to stop")]
    [InlineData("files", "  - network.yaml\n", "", "network.yaml is not in kustomization.yaml")]
    [InlineData("files", "  - network.yaml\n", "  - network.yaml\n  - secret.example.yaml\n", "names secret.example.yaml")]
    [InlineData("files", "kind: PodDisruptionBudget\n", "", "an object without apiVersion, kind or name")]
    [InlineData("selectors", "selector:\n    matchLabels:\n      app.kubernetes.io/name: silo\n  template", "selector:\n    matchLabels:\n      app: silo\n  template", "Deployment silo: its selector")]
    [InlineData("services", "selector:\n    app.kubernetes.io/name: client-api\n", "selector:\n    app.kubernetes.io/name: gateway\n", "Service client-api: its selector matches nothing")]
    [InlineData("services", "targetPort: http", "targetPort: web", "Service silo: its pods have no port web")]
    [InlineData("network", "- port: silo-gateway", "- port: orleans", "NetworkPolicy silo: its pods have no port orleans")]
    [InlineData("network", "- port: silo-gateway", "- port: http", "NetworkPolicy silo: lets nobody in at silo-gateway")]
    [InlineData("network", "              app.kubernetes.io/name: client-api\n      ports", "              app.kubernetes.io/name: web\n      ports", "lets in pods that do not exist")]
    [InlineData("disruption", "maxUnavailable: 1", "maxUnavailable: 2", "not one at a time")]
    [InlineData("disruption", "kind: PodDisruptionBudget", "kind: DisruptionBudget", "Deployment silo: no PodDisruptionBudget")]
    [InlineData("spread", "topologyKey: kubernetes.io/hostname", "topologyKey: topology.kubernetes.io/region", "may all be on one node")]
    [InlineData("spread", "                  matchLabels:\n                    app.kubernetes.io/name: silo", "                  matchLabels:\n                    app.kubernetes.io/name: kafka", "keeps apart from other pods")]
    [InlineData("scaling", "name: reco_ingest_lag", "name: reco_ingest_backlog", "no meter is exported as reco_ingest_backlog")]
    [InlineData("scaling", "maxReplicas: 12", "maxReplicas: 32", "33 silos share 32 partitions")]
    [InlineData("scaling", "Kafka__Partitions: \"32\"", "Kafka__Partitions: \"12\"", "13 silos share 12 partitions")]
    [InlineData("scaling", "    kind: Deployment\n    name: silo", "    kind: Deployment\n    name: silos", "scales silos, which is not there")]
    [InlineData("scaling", "  revisionHistoryLimit: 5", "  replicas: 3", "Deployment silo: says how many replicas")]
    public void Manifests_BrokenByOneChange_AreFoundByTheCheck(string check, string text, string broken, string fault)
    {
        var changed = 0;
        var manifests = Manifests.Load(path =>
        {
            var before = DeployFiles.Read(path);
            var after = before.Replace(text, broken, StringComparison.Ordinal);
            changed += before == after ? 0 : 1;
            return after;
        });

        Assert.NotEqual(0, changed);
        Assert.Contains(ManifestChecks.All[check](manifests, fixture.System), found => found.Contains(fault, StringComparison.Ordinal));
    }
}
