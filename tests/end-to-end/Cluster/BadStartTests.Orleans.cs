using System.Net;
using Npgsql;
using Reco.Testing;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>The parts of a cluster in the wrong order, and state that cannot be read.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BadStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A gateway, then a silo, then what they are configured to find each other by.</summary>
    [Fact]
    public async Task Start_GatewayBeforeSilosBeforeTheDatabase_EachWaitsForTheNextAndSaysSo()
    {
        await using var redis = await TestServers.RedisAsync();
        await redis.KillAsync();
        var port = LoopbackPort.Free();
        await using var cluster = await ShopCluster.CreateAsync(("Redis:Endpoint", redis.Endpoint));
        var gateway = cluster.LaunchGateway(("urls", $"http://127.0.0.1:{port}"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Deadline.Until(() => AnswersAsync(http, "health/live", HttpStatusCode.OK), "the gateway answers");
        Assert.True(await AnswersAsync(http, "health/ready", HttpStatusCode.ServiceUnavailable));
        using (var refused = await http.GetAsync("user-stats/user-1", Cancel))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        var silo = cluster.LaunchSilo();
        await Deadline.Until(
            () => silo.Output.Contains($"The cluster's Redis at {redis.Endpoint} does not answer, trying again in a second", StringComparison.Ordinal), "the silo says what it waits for");
        ShopCluster.AssertAlive(silo, gateway);

        await redis.RestartAsync();
        await ShopCluster.UntilWellAsync(1, silo);
        await Deadline.Until(() => AnswersAsync(http, "health/ready", HttpStatusCode.OK), "the gateway is ready");
        await using var load = await ShopLoad.StartAsync(gateway);
        await load.GoesOnAsync("events and reads", reads: 20);
        await load.StopAsync();
        await load.AssertExactAsync();
        Assert.Empty(load.FailedReads);
    }

    /// <summary>Two states in PostgreSQL are overwritten with what no release has written: a user's and a product's.</summary>
    [Fact]
    public async Task Grain_ItsStoredStateIsDamaged_SaysSoAndTheRestGoesOnAndTheDoctorNamesIt()
    {
        await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { SharedBuffersMb = 32 });
        var connection = await postgres.CreateDatabaseAsync("reco");
        await using var cluster = await ShopCluster.CreateAsync(("ConnectionStrings:Postgres", connection), ("Cluster:Membership", "Postgres"));
        var silo = (await cluster.StartSilosAsync(1))[0];
        var load = await ShopLoad.StartAsync(silo);
        await using (load)
        {
            await load.StopAsync();
            await load.AssertExactAsync();
            Assert.Equal(0, await silo.TerminateAsync());
            Assert.Equal(0, (await cluster.DoctorAsync()).ExitCode);
            Assert.Equal(2, await PoisonAsync(connection, "user/user-3", "product/product-7"));

            var again = cluster.LaunchSilo();
            var address = await again.ReadyAsync();
            await using var more = await ShopLoad.StartAsync(again, run: "more");
            await more.StopAsync();
            await load.AssertExactAsync(address, and: more, except: ["user-stats/user-3", "products/product-7/stats"]);
            await AssertDamagedAsync(address, "user-stats/user-3");
            await AssertDamagedAsync(address, "products/product-7/stats");
            await ShopCluster.UntilWellAsync(1, again);
        }

        var (exit, said) = await cluster.DoctorAsync();
        Assert.Equal(3, exit);
        Assert.Contains("damaged  user/user-3 (user): ", said, StringComparison.Ordinal);
        Assert.Contains("damaged  product/product-7 (product): ", said, StringComparison.Ordinal);
        Assert.Contains(", 2 damaged", said, StringComparison.Ordinal);
    }

    private static async Task AssertDamagedAsync(Uri address, string path)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var answer = await http.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains("./reco doctor", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<int> PoisonAsync(string connection, params string[] grains)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand("UPDATE reco_grain_state SET value = 'rubbish' WHERE split_part(key, '/', 2) || '/' || split_part(key, '/', 3) = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = grains });
        return await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, string path, HttpStatusCode code)
    {
        try
        {
            using var answer = await http.GetAsync(path, Cancel);
            return answer.StatusCode == code;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
