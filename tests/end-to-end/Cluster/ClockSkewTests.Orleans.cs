using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>Silos whose clocks are off by seconds.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClockSkewTests
{
    private const int SkewSeconds = 5;

    [Fact]
    public async Task Silos_FiveSecondsAheadAndBehind_CountExactlyAndTakeNobodyForDead()
    {
        using var clock = await ShiftedClock.CompileAsync();
        await using var redis = await TestServers.RedisAsync();
        await using var cluster = await ShopCluster.CreateAsync(("Redis:Endpoint", redis.Endpoint));
        RecoProcess[] silos = [cluster.LaunchSilo(clock.By(SkewSeconds)), cluster.LaunchSilo(clock.By(-SkewSeconds)), cluster.LaunchSilo()];
        var gateway = cluster.LaunchGateway();
        await ShopCluster.UntilWellAsync(3, silos);
        await AssertSkewedAsync(silos[0], SkewSeconds);
        await AssertSkewedAsync(silos[1], -SkewSeconds);

        await using var load = await ShopLoad.StartAsync(gateway);
        await load.GoesOnAsync("events and reads go on", events: 1_500, reads: 300);
        Assert.Empty(load.FailedReads);
        await load.StopAsync();
        await load.AssertExactAsync();
        await load.AssertWindowsAsync();
        await ShopCluster.UntilWellAsync(3, silos);
        ShopCluster.AssertAlive([.. silos, gateway]);
    }

    /// <summary>Whether the silo's clock is really off: from the date of its answers, which may be a second old.</summary>
    private static async Task AssertSkewedAsync(RecoProcess silo, int seconds)
    {
        using var http = new HttpClient { BaseAddress = await silo.ReadyAsync() };
        await Deadline.Until(
            async () =>
            {
                using var answer = await http.GetAsync("health/live", TestContext.Current.CancellationToken);
                var off = (answer.Headers.Date!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds;
                return Math.Abs(off - seconds) <= 2;
            },
            $"its clock is off by {seconds} s");
    }
}
