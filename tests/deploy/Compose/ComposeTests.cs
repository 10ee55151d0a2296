using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Reco.Deploy.Tests.Settings;

namespace Reco.Deploy.Tests.Compose;

public sealed class ComposeTests(RecoSystemFixture fixture) : IClassFixture<RecoSystemFixture>
{
    private static readonly string[] Wanted =
        ["client-api", "elasticsearch", "generator", "kafka", "kibana", "postgres", "redis", "silo", "telemetry"];

    public static TheoryData<string> Checks => [.. ComposeChecks.All.Keys];

    [Theory]
    [MemberData(nameof(Checks))]
    public void Compose_AsItStands_HasNoFault(string check) => Assert.Empty(ComposeChecks.All[check](ComposeFile.Load(), fixture.System));

    [Fact]
    public void Compose_Services_AreTheWholeCluster() => Assert.Equal(Wanted, ComposeFile.Load().Services.Select(service => service.Name).Order());

    [Theory]
    [InlineData("images", "apache/kafka:3.9.1", "apache/kafka:latest", "kafka: image 'apache/kafka:latest' has no version")]
    [InlineData("images", "redis:7.4.2-alpine", "redis", "redis: image 'redis' has no version")]
    [InlineData("images", "    image: postgres:17.5-alpine\n", "", "postgres: neither image nor build")]
    [InlineData("images", "target: generator", "target: traffic", "generator: deploy/docker/Dockerfile has no target 'traffic'")]
    [InlineData("images", "ARG DOTNET_VERSION=10.0", "ARG DOTNET_VERSION=latest", "has no version")]
    [InlineData("images", "-p:RecoHost=Orleans --no-restore -o /out/silo", "--no-restore -o /out/silo", "not published with RecoHost=Orleans")]
    [InlineData("users", "user: redis", "user: root", "redis: runs as root")]
    [InlineData("users", "    user: postgres\n", "", "postgres: runs as root")]
    [InlineData("users", "USER $APP_UID\nEXPOSE 5000 11111 30000", "EXPOSE 5000", "silo: runs as root")]
    [InlineData("health", "test: [\"CMD-SHELL\", \"redis-cli ping | grep -q PONG\"]", "test: [\"NONE\"]", "redis: no health check")]
    [InlineData("health", "5000/health/ready", "5000/healthz", "client-api: health check asks for /healthz, which is no route")]
    [InlineData("health", "\"health\", \"--url\"", "\"health\", \"--uri\"", "silo: health check:")]
    [InlineData("limits", "memory: 512m", "memory: plenty", "generator: no memory limit")]
    [InlineData("limits", "          memory: 1536m\n", "          cpus: '1'\n", "telemetry: no memory limit")]
    [InlineData("limits", "  restart: unless-stopped\n  read_only", "  read_only", "silo: no restart policy")]
    [InlineData("dependencies", "      client-api:\n        condition", "      gateway:\n        condition", "generator: depends on 'gateway', which is no service")]
    [InlineData("dependencies", "condition: service_started", "condition: started", "silo: depends on telemetry without a condition")]
    [InlineData("volumes", "volumes:\n  kafka:\n", "volumes:\n", "volume 'kafka' is not declared")]
    [InlineData("volumes", "redis:/data", "/data", "volume 'redis' is not used")]
    [InlineData("scale", "    image: reco/silo:1.0.0\n", "    image: reco/silo:1.0.0\n    container_name: silo\n", "silo: a fixed name")]
    [InlineData("scale", "    image: reco/silo:1.0.0\n", "    image: reco/silo:1.0.0\n    ports: [\"127.0.0.1:5001:5000\"]\n", "silo: a published port")]
    [InlineData("scale", "      replicas: 2\n", "      replicas: 1\n", "silo: not two replicas")]
    [InlineData("ports", "127.0.0.1:5601:5601", "5601:5601", "kibana: 5601:5601 is published beyond this machine")]
    [InlineData("ports", "127.0.0.1:5000:5000", "127.0.0.1:5000:80", "client-api: publishes 80, which it does not listen on")]
    [InlineData("ports", "127.0.0.1:3000:3000", "127.0.0.1:5000:3000", "port 5000 is published twice")]
    [InlineData("variables", "\nREDIS_PASSWORD=", "\nREDIS_SECRET=", "REDIS_PASSWORD is not in deploy/compose.env.example")]
    [InlineData("variables", "\nREDIS_PASSWORD=", "\nUNUSED=\nREDIS_PASSWORD=", "UNUSED of deploy/compose.env.example is not used")]
    [InlineData("secrets", "Redis__Password: ${REDIS_PASSWORD:?copy deploy/compose.env.example to .env and fill it in}", "Redis__Password: reco", "silo: Redis__Password is written down")]
    [InlineData("secrets", ";Password=${POSTGRES_PASSWORD:?copy deploy/compose.env.example to .env and fill it in}", ";Password=reco", "silo: ConnectionStrings__Postgres is written down")]
    [InlineData("secrets", "RECO_ADMIN_KEY=", "RECO_ADMIN_KEY=admin", "RECO_ADMIN_KEY has a value")]
    [InlineData("secrets", "${RECO_ALLOWED_HOSTS:?copy deploy/compose.env.example to .env and fill it in}", "${RECO_ALLOWED_HOSTS}", "RECO_ALLOWED_HOSTS may be missing")]
    [InlineData("settings", "Kafka__BootstrapServers", "Kafka__Servers", "silo: no options have a setting 'Kafka:Servers'")]
    [InlineData("settings", "Otlp__Endpoint", "Telemetry__Endpoint", "silo: no options have a section 'Telemetry'")]
    [InlineData("settings", "Kafka__Partitions: \"8\"", "Kafka__Partitions: many", "Kafka:Partitions is a Int32 and does not take 'many'")]
    [InlineData("settings", "Cluster__Membership: Redis", "Cluster__Membership: Consul", "Cluster:Membership is a ClusterMembership and does not take 'Consul'")]
    [InlineData("settings", "\"urls=http", "\"Server:Urls=http", "no options have a section 'Server'")]
    [InlineData("commands", "\"--no-generator\"", "\"--no-traffic\"", "silo: ")]
    [InlineData("commands", "[\"generate\", \"--url\"", "[\"generate\", \"--to\"", "generator: ")]
    [InlineData("addresses", "Kafka__BootstrapServers: kafka:29092", "Kafka__BootstrapServers: broker:29092", "silo: 'broker' is no service")]
    [InlineData("addresses", "http://telemetry:4317", "http://collector:4317", "silo: 'collector' is no service")]
    [InlineData("addresses", "Host=postgres;", "Host=db;", "silo: Host=db is no service")]
    [InlineData("addresses", "\"--url\", \"http://client-api:5000\"", "\"--url\", \"http://client-api:80\"", "generator: client-api does not listen on 80")]
    [InlineData("addresses", "urls=http://0.0.0.0:5000", "urls=http://127.0.0.1:5000", "generator: client-api does not listen on 5000")]
    [InlineData("shutdown", "Cluster__ShutdownSeconds: \"25\"", "Cluster__ShutdownSeconds: \"60\"", "silo: killed after 35 s, and may take 60 s to stop")]
    public void Compose_BrokenByOneChange_IsFoundByItsCheck(string check, string text, string broken, string fault)
    {
        var changed = 0;
        var file = ComposeFile.Load(path =>
        {
            var before = DeployFiles.Read(path);
            var after = before.Replace(text, broken, StringComparison.Ordinal);
            changed += before == after ? 0 : 1;
            return after;
        });

        Assert.NotEqual(0, changed);
        Assert.Contains(ComposeChecks.All[check](file, fixture.System), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_SettingsOfASilo_PassTheSystemsOwnValidation() =>
        fixture.System.Services.GetRequiredService<IStartupValidator>().Validate();

    [Fact]
    public void Gitignore_TheRealEnvironmentFile_IsNamed() => Assert.Contains(".env", DeployFiles.Read(".gitignore").Split('\n'));

    [Fact]
    public void Dockerignore_WhatMustNotGoIntoAnImage_IsNamed()
    {
        var ignored = DeployFiles.Read(".dockerignore").Split('\n');
        Assert.All([".env", ".git/", "**/bin/", "**/obj/"], name => Assert.Contains(name, ignored));
    }

    [Fact]
    public void AllowedHosts_OfTheExample_LetHealthChecksAndGeneratorIn()
    {
        var allowed = ComposeFile.Load().Example.Single(variable => variable.Name == "RECO_ALLOWED_HOSTS").Value.Split(';');
        Assert.All(["localhost", "127.0.0.1", "client-api"], name => Assert.Contains(name, allowed));
    }
}
