using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>Silos that read another log or keep another state do not become one cluster because they have one id.</summary>
[Collection(ClusterCollection.Name)]
public sealed class CharterTests
{
    [Fact]
    public async Task Join_AnotherDeploymentOfTheSameId_IsRefusedWithASentenceAndTheClusterGoesOn()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        await using var redis = await TestServers.RedisAsync();
        await using var otherRedis = await TestServers.RedisAsync();
        await using var otherBroker = await ShopCluster.StartBrokerAsync();
        await using var cluster = await ShopCluster.CreateAsync(
            ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync("reco")),
            ("Redis:Endpoint", redis.Endpoint),
            ("Cluster:Membership", "Postgres"),
            ("Cluster:Storage", "Redis"));
        var first = (await cluster.StartSilosAsync(1))[0];

        // All at once: none of them may take another newcomer of another deployment for its cluster either.
        var brokers = cluster.Broker.BootstrapServers;
        await Task.WhenAll(
            RefusedAsync(
                cluster.LaunchSilo(null, ("Kafka:BootstrapServers", otherBroker.BootstrapServers)),
                $"with Kafka at {brokers} (id ", $"this silo is set up with Kafka at {otherBroker.BootstrapServers} (id "),
            RefusedAsync(
                cluster.LaunchSilo(null, ("Kafka:Topic", "other-events")), $"with topic {ShopCluster.Topic} (silo", "set up with topic other-events:"),
            RefusedAsync(
                cluster.LaunchSilo(null, ("Redis:Endpoint", otherRedis.Endpoint)), $"state in Redis at {redis.Endpoint},", $"state in Redis at {otherRedis.Endpoint},"),
            RefusedAsync(
                cluster.LaunchSilo(null, ("Cluster:ServiceId", "other")), "with Cluster:ServiceId reco and", "set up with Cluster:ServiceId other and"));

        // The same places by other names, and settings that need not agree, are no other deployment.
        var second = cluster.LaunchSilo(
            null,
            ("Kafka:BootstrapServers", $"localhost:{brokers[(brokers.LastIndexOf(':') + 1)..]}"),
            ("Redis:Endpoint", $"localhost:{redis.Port}"),
            ("Ingest:CheckpointIntervalSeconds", "1"));
        await ShopCluster.UntilWellAsync(2, first, second);
        Assert.DoesNotContain("set up differently", first.Output, StringComparison.Ordinal);
    }

    /// <summary>After a shutdown the list says that all are dead; after a kill nobody has written that into it.</summary>
    [Fact]
    public async Task Start_AfterTheWholeClusterEnded_MayBeWithAnotherLog()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        await using var otherBroker = await ShopCluster.StartBrokerAsync();
        await using var cluster = await ShopCluster.CreateAsync(
            ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync("reco")), ("Cluster:Membership", "Postgres"), ("Cluster:Storage", "Postgres"));
        var silos = await cluster.StartSilosAsync(2);
        await ShopCluster.UntilWellAsync(2, silos);
        Assert.All(await Task.WhenAll(silos.Select(silo => silo.TerminateAsync())), exit => Assert.Equal(0, exit));

        var withAnother = cluster.LaunchSilo(null, ("Kafka:BootstrapServers", otherBroker.BootstrapServers));
        await ShopCluster.UntilWellAsync(1, withAnother);
        Assert.DoesNotContain("set up differently", withAnother.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("do not answer; joining when", withAnother.Output, StringComparison.Ordinal);
        await withAnother.KillAsync();

        var again = cluster.LaunchSilo();
        await ShopCluster.UntilWellAsync(1, again);
        Assert.Contains("do not answer; joining when", again.Output, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(RecoProcess silo, string theirs, string ours)
    {
        Assert.Equal(1, await silo.ExitAsync("the refused start"));
        var sentence = silo.Output.Split('\n').Single(line => line.StartsWith("reco: cannot start: ", StringComparison.Ordinal));
        Assert.StartsWith("reco: cannot start: Cluster 'reco' is already running with ", sentence, StringComparison.Ordinal);
        Assert.Contains(theirs, sentence, StringComparison.Ordinal);
        Assert.Contains(ours, sentence, StringComparison.Ordinal);
        Assert.Contains("give one of the two another Cluster:ClusterId", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("CharterGate.PassAsync", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ready http", silo.Output, StringComparison.Ordinal);
    }
}
