using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>What keeps the list of silos goes away while they run, and comes back.</summary>
[Collection(ClusterCollection.Name)]
public sealed class MembershipOutageTests
{
    private const string ListIsAway = "Failed to refresh membership table";
    private const string SignOfLifeFails = "Failed to update table entry for this silo";

    /// <summary>The list in PostgreSQL, the state in Redis. Without the list nothing changes, but a silo that is killed is not missed until it is back.</summary>
    [Fact]
    public async Task Postgres_GoesAwayWhileSilosRun_EverythingGoesOnAndTheListIsKeptAgainAfter()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        await using var redis = await TestServers.RedisAsync();
        await using var cluster = await ShopCluster.CreateAsync(
            ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync("reco")),
            ("Redis:Endpoint", redis.Endpoint),
            ("Cluster:Membership", "Postgres"),
            ("Cluster:Storage", "Redis"));
        var silos = await cluster.StartSilosAsync(2);
        var gateway = cluster.LaunchGateway();
        await using var load = await ShopLoad.StartAsync(gateway);
        await ShopCluster.UntilWellAsync(2, silos);

        await postgres.KillAsync();
        await Deadline.Until(
            () => silos.All(s => s.Output.Contains(ListIsAway, StringComparison.Ordinal) && s.Output.Contains(SignOfLifeFails, StringComparison.Ordinal)),
            "both silos miss the list");
        await load.GoesOnAsync("events and reads go on without the list");
        Assert.Empty(load.FailedReads);

        // Nobody can be declared dead while there is no list to write it in.
        await silos[0].KillAsync();
        await Deadline.Until(() => load.FailedReads.Count > 0, "its grains are missed");
        await postgres.RestartAsync();
        await ShopCluster.UntilWellAsync(1, silos[1]);
        var third = cluster.LaunchSilo();
        await ShopCluster.UntilWellAsync(2, silos[1], third);
        await load.GoesOnAsync("events and reads go on with a third silo");
        await load.StopAsync();
        await load.AssertExactAsync();
        ShopCluster.AssertAlive(silos[1], third, gateway);
    }

    /// <summary>List and state in Redis: checkpoints wait, and the offsets with them. The kill at the end shows that what was counted meanwhile is stored.</summary>
    [Fact]
    public async Task Redis_GoesAwayWhileSilosRun_FlushesAreAskedAgainAndNothingIsLost()
    {
        await using var redis = await TestServers.RedisAsync();
        await using var cluster = await ShopCluster.CreateAsync(("Redis:Endpoint", redis.Endpoint));
        var silos = await cluster.StartSilosAsync(2);
        var gateway = cluster.LaunchGateway();
        await using var load = await ShopLoad.StartAsync(gateway);
        await ShopCluster.UntilWellAsync(2, silos);

        await redis.KillAsync();
        await Deadline.Until(() => silos.All(s => s.Output.Contains(ListIsAway, StringComparison.Ordinal)), "both silos miss the list");
        await load.GoesOnAsync("events and reads go on without list and state");
        ShopCluster.AssertAlive([.. silos, gateway]);

        await redis.RestartAsync();
        await ShopCluster.UntilWellAsync(2, silos);
        var third = cluster.LaunchSilo();
        await ShopCluster.UntilWellAsync(3, [.. silos, third]);
        await load.StopAsync();
        await load.AssertExactAsync();

        await silos[0].KillAsync();
        await ShopCluster.UntilWellAsync(2, silos[1], third);
        await load.AssertExactAsync();
        ShopCluster.AssertAlive(silos[1], third, gateway);
    }
}
