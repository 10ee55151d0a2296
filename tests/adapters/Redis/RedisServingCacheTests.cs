using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Redis;
using Reco.Adapters.Tests.Contracts;
using Reco.Core.Ports;
using Reco.Core.Serving;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

public sealed class RedisServingCacheContractTests : ServingCacheContract
{
    private TestRedis? _redis;

    public override ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override async Task<IServingCache> CacheAsync()
    {
        _redis = await TestRedis.StartAsync();
        return new RedisServingCache(await _redis.ReadyAsync(o => o.CommandTimeoutSeconds = 10));
    }

    protected override Task PassAsync(TimeSpan timeToLive, Func<Task<bool>> isOver) => Deadline.Until(isOver, $"{timeToLive} pass");
}

/// <summary>What another program sees, and what goes wrong.</summary>
public sealed class RedisServingCacheTests
{
    private static CancellationToken Cancel => TestRedis.Cancel;

    [Fact]
    public async Task Write_EveryKind_HasItsNameTypeAndTimeToLive()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();
        var options = new ServingCacheOptions();

        await new RedisServingCache(connection).WriteAsync(
            new ServingWrites
            {
                Documents =
                [
                    Document(ServingKeys.Recommendations("user_000001"), options.RecommendationsTimeToLive),
                    Document(ServingKeys.UserStats("user_000001"), options.UserStatsTimeToLive),
                    Document(ServingKeys.TrendingSnapshot("Home"), options.RankingsTimeToLive),
                ],
                Rankings = [new ServingRanking(ServingKeys.Trending("Home"), [new("p-1", 2.5), new("p-2", 1)], options.RankingsTimeToLive)],
            },
            Cancel);

        Assert.Equal(["recommendations:user_000001"], (await connection.DoAsync("KEYS", "recommendations:*")).Items.Select(key => key.Text));
        Assert.Equal("""{"a":1}""", (await connection.DoAsync("GET", "recommendations:user_000001")).Text);
        Assert.Equal("2.5", (await connection.DoAsync("ZSCORE", "trending:Home", "p-1")).Text);
        foreach (var (key, minutes) in ((string, int)[])[("recommendations:user_000001", 60), ("user-stats:user_000001", 5), ("trending-snapshot:Home", 5), ("trending:Home", 5)])
        {
            Assert.InRange((await connection.DoAsync("PTTL", key)).Integer, (minutes * 60_000) - 20_000, minutes * 60_000);
        }
    }

    [Fact]
    public async Task Write_AThousandKeys_IsOneWriteToTheSocket()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();
        var before = connection.SocketWrites;
        var documents = Enumerable.Range(0, 1_000).Select(i => Document($"recommendations:user-{i}", TimeSpan.FromHours(1))).ToArray();

        await new RedisServingCache(connection).WriteAsync(new ServingWrites { Documents = documents }, Cancel);

        Assert.Equal(1, connection.SocketWrites - before);
        Assert.Equal(1_000, (await connection.DoAsync("DBSIZE")).Integer);
    }

    [Fact]
    public async Task Write_WhenMemoryIsUsedUp_ThrowsWithAdviceAndKeepsTheOldRanking()
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { MaxMemoryBytes = 3 << 20 });
        var connection = await redis.ReadyAsync();
        var cache = new RedisServingCache(connection);
        await cache.WriteAsync(new ServingWrites { Rankings = [Ranking("old")] }, Cancel);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                await connection.DoAsync("SET", $"filler-{i}", new string('v', 100_000));
            }
        });
        await connection.DoAsync("CONFIG", "SET", "maxmemory", "1");

        var refused = await Assert.ThrowsAsync<ServingCacheException>(
            () => cache.WriteAsync(new ServingWrites { Documents = [Document("d", TimeSpan.FromHours(1))], Rankings = [Ranking("new")] }, Cancel).AsTask());

        Assert.Contains("OOM", refused.Message, StringComparison.Ordinal);
        Assert.Contains("maxmemory", cache.Problem, StringComparison.Ordinal);
        Assert.Equal("old", Assert.Single(await cache.ReadRankingAsync("trending", 5, Cancel)).ProductId);

        await connection.DoAsync("CONFIG", "SET", "maxmemory", "0");
        await cache.WriteAsync(new ServingWrites { Rankings = [Ranking("new")] }, Cancel);
        Assert.Null(cache.Problem);
        Assert.Equal("new", Assert.Single(await cache.ReadRankingAsync("trending", 5, Cancel)).ProductId);

        static ServingRanking Ranking(string id) => new("trending", [new(id, 1)], TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Killed_CallsFailAtOnceAndTheGenerationTellsThatItIsEmpty()
    {
        await using var redis = await TestRedis.StartAsync();
        var cache = new RedisServingCache(await redis.ReadyAsync());
        await cache.WriteAsync(new ServingWrites { Documents = [Document("d", TimeSpan.FromHours(1))] }, Cancel);

        await redis.Server.KillAsync();
        await Deadline.Until(() => !cache.IsAvailable, "the loss is noticed");
        await Assert.ThrowsAsync<ServingCacheException>(() => cache.ReadAsync("d", Cancel).AsTask());
        await Assert.ThrowsAsync<ServingCacheException>(
            () => cache.WriteAsync(new ServingWrites { Documents = [Document("d", TimeSpan.FromHours(1))] }, Cancel).AsTask());
        Assert.NotNull(cache.Problem);

        await redis.Server.RestartAsync();
        await Deadline.Until(() => cache.IsAvailable, "it comes back");
        Assert.Equal(2, cache.Generation);
        Assert.Null(await cache.ReadAsync("d", Cancel));
    }

    [Fact]
    public async Task Cluster_AnswersMoved_IsAnErrorWithAdviceAndTheProblemThatHealthShows()
    {
        await using var server = new ScriptedRedis(command => command switch
        {
            "PING" => "+PONG\r\n",
            _ when command.StartsWith("CLIENT", StringComparison.Ordinal) => "+OK\r\n",
            _ => "-MOVED 1 10.0.0.1:6379\r\n",
        });
        using var metrics = new RedisMetrics();
        await using var connection = new RedisConnection(
            TestRedis.OptionsFor(server.Endpoint), metrics, TimeProvider.System, new Random(1), NullLogger.Instance);
        await connection.WaitUntilReadyAsync(Cancel).Within("a connection");
        var cache = new RedisServingCache(connection);

        await Assert.ThrowsAsync<ServingCacheException>(() => cache.ReadAsync("key", Cancel).AsTask());
        Assert.Contains("Redis Cluster is not supported", cache.Problem, StringComparison.Ordinal);
    }

    private static ServingDocument Document(string key, TimeSpan timeToLive) => new(key, Encoding.UTF8.GetBytes("""{"a":1}"""), timeToLive);
}
