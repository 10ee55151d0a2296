using System.Collections.Concurrent;
using System.Globalization;
using Reco.Adapters.Redis;
using Reco.Adapters.Redis.Resp;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

/// <summary>On a real redis-server.</summary>
public sealed class RedisConnectionTests
{
    private static CancellationToken Cancel => TestRedis.Cancel;

    [Fact]
    public async Task Send_ManyCallersOnOneSocket_EachGetsItsOwnReply()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();

        await Parallel.ForAsync(0, 5_000, new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Cancel }, async (i, _) =>
        {
            var value = $"value {i} {new string('x', i % 3_000)}";
            Assert.True((await connection.DoAsync("SET", $"key-{i}", value)).IsOk);
            Assert.Equal(value, (await connection.DoAsync("GET", $"key-{i}")).Text);
        });

        Assert.Equal(5_000, (await connection.DoAsync("DBSIZE")).Integer);
        Assert.Equal(1, connection.Sessions);
    }

    [Fact]
    public async Task Send_AThousandKeys_IsOneWriteAndAThousandSets()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();
        var before = connection.SocketWrites;
        using var flush = new RespWriter();
        for (var i = 0; i < 1_000; i++)
        {
            flush.Add("SET", $"key-{i}", new string('v', 1_000), "PX", "60000");
        }

        var replies = await connection.SendAsync(flush, keepReplies: false, Cancel);

        Assert.Equal(0, replies.Errors);
        Assert.Equal(1, connection.SocketWrites - before);
        Assert.Equal(1_000, (await connection.DoAsync("DBSIZE")).Integer);
        Assert.Contains("cmdstat_set:calls=1000,", (await connection.DoAsync("INFO", "commandstats")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_OneBadCommandAmongGood_IsItsErrorOnly()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();
        using var writer = new RespWriter();
        writer.Add("SET", "text", "a");
        writer.Add("ZADD", "text", "1", "member");
        writer.Add("GET", "text");

        var replies = await connection.SendAsync(writer, keepReplies: true, Cancel);

        Assert.Equal(["Text OK", "Error WRONGTYPE Operation against a key holding the wrong kind of value", "Bulk a"], replies.All.Select(r => r.ToString()));
        Assert.Equal((1, RedisFault.Refused), (replies.Errors, replies.FirstError!.Fault));
        Assert.True(connection.IsReady);
    }

    [Fact]
    public async Task Connect_UserPasswordDatabaseAndName_AreUsed()
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { Password = "s3cret", AclUser = "shop on >pass ~* +@all" });
        var byUser = await redis.ReadyAsync(o => (o.User, o.Password, o.Database, o.ClientName) = ("shop", "pass", 3, "reco-test"));
        var byPassword = await redis.ReadyAsync(o => o.Password = "s3cret");

        await byUser.DoAsync("SET", "key", "in three");
        Assert.Equal(RespKind.Null, (await byPassword.DoAsync("GET", "key")).Kind);
        await byPassword.DoAsync("SELECT", "3");
        Assert.Equal("in three", (await byPassword.DoAsync("GET", "key")).Text);
        Assert.Contains("name=reco-test", (await byUser.DoAsync("CLIENT", "INFO")).Text, StringComparison.Ordinal);
        Assert.Contains("user=shop", (await byUser.DoAsync("CLIENT", "INFO")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, "NOAUTH")]
    [InlineData("", "wrong", "WRONGPASS")]
    [InlineData("nobody", "s3cret", "WRONGPASS")]
    public async Task Connect_LoginMissingOrWrong_SaysWhatToDoAndCommandsFailAtOnce(string user, string? password, string code)
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { Password = "s3cret" });
        var connection = redis.Connect(o => (o.User, o.Password) = (user, password));

        await Deadline.Until(() => connection.Problem!.Contains(code, StringComparison.Ordinal), "the refusal");
        Assert.Contains("Redis:Password", connection.Problem, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<RedisException>(() => connection.DoAsync("PING"));
        Assert.Equal(RedisFault.Login, refused.Fault);
        Assert.DoesNotContain("s3cret", connection.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_PasswordForAServerWithoutOne_SaysSo()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = redis.Connect(o => o.Password = "needless");
        await Deadline.Until(() => connection.Problem!.Contains("Redis:Password", StringComparison.Ordinal), "the refusal");
    }

    [Fact]
    public async Task Kill_InMidLoad_EveryCommandEndsAndTheConnectionComesBack()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync();
        var (done, failed) = (0, new ConcurrentDictionary<RedisFault, int>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var load = Enumerable.Range(0, 50).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await connection.DoAsync("SET", $"key-{caller}-{i % 100}", "value");
                    Interlocked.Increment(ref done);
                }
                catch (RedisException failure)
                {
                    failed.AddOrUpdate(failure.Fault, 1, (_, count) => count + 1);
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancel);
                }
            }
        })).ToArray();

        for (var kill = 0; kill < 3; kill++)
        {
            var before = Volatile.Read(ref done);
            await Deadline.Until(() => Volatile.Read(ref done) > before + 1_000, "load");
            await redis.Server.KillAsync();
            await Deadline.Until(() => !connection.IsReady, "the loss is noticed");
            await redis.Server.RestartAsync();
            await connection.WaitUntilReadyAsync(Cancel).Within("it comes back");
        }

        await stop.CancelAsync();
        await Task.WhenAll(load).Within("every command ends");
        Assert.Equal(4, connection.Sessions);
        Assert.Equal([RedisFault.NotConnected], failed.Keys);
        Assert.True((await connection.DoAsync("PING")).Text == "PONG");
    }

    [Fact]
    public async Task Freeze_UnansweredCommands_EndInTheirTimeoutAndAThawedServerIsUsedAgain()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync(o => (o.CommandTimeoutSeconds, o.ConnectTimeoutSeconds) = (0.3, 0.3));
        await redis.Server.FreezeAsync();
        var started = TimeProvider.System.GetTimestamp();

        var commands = Enumerable.Range(0, 20).Select(_ => connection.DoAsync("PING")).ToArray();
        foreach (var command in commands)
        {
            var late = await Assert.ThrowsAsync<RedisException>(() => command).Within("a command ends");
            Assert.Equal(RedisFault.TimedOut, late.Fault);
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(5));
        await redis.Server.ThawAsync();
        await connection.WaitUntilReadyAsync(Cancel).Within("it comes back");
        Assert.Equal("PONG", (await connection.DoAsync("PING")).Text);
    }

    [Fact]
    public async Task Send_BeyondTheQueue_IsRefusedAtOnceAndTheRestIsAnswered()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync(o => (o.QueueCommands, o.CommandTimeoutSeconds) = (10, 20));
        await redis.Server.FreezeAsync();
        var commands = Enumerable.Range(0, 15).Select(i => connection.DoAsync("ECHO", i.ToString(CultureInfo.InvariantCulture))).ToArray();

        foreach (var command in commands[10..])
        {
            Assert.Equal(RedisFault.QueueFull, (await Assert.ThrowsAsync<RedisException>(() => command).Within("the refusal")).Fault);
        }

        await redis.Server.ThawAsync();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), (await Task.WhenAll(commands[..10]).Within("the answers")).Select(r => r.Text));
    }

    [Fact]
    public async Task Send_CancelledByItsCaller_LeavesTheOthersTheirReplies()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync(o => o.CommandTimeoutSeconds = 20);
        await redis.Server.FreezeAsync();
        using var impatient = new CancellationTokenSource();
        using var writer = new RespWriter();
        writer.Add("ECHO", "abandoned");
        var abandoned = connection.SendAsync(writer, impatient.Token);
        var kept = connection.DoAsync("ECHO", "kept");
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await redis.Server.ThawAsync();
        Assert.Equal("kept", (await kept.Within("the other reply")).Text);
    }

    [Fact]
    public async Task Dispose_WithCommandsUnderWay_EndsThem()
    {
        await using var redis = await TestRedis.StartAsync();
        var connection = await redis.ReadyAsync(o => o.CommandTimeoutSeconds = 60);
        await redis.Server.FreezeAsync();
        var command = connection.DoAsync("PING");
        await connection.DisposeAsync().AsTask().Within("closing");
        await Assert.ThrowsAsync<RedisException>(() => command).Within("the command ends");
        await Assert.ThrowsAsync<RedisException>(() => connection.DoAsync("PING"));
    }

    [Fact]
    public async Task Server_AtItsMemory_RefusesWritesWithAdviceAndStillAnswersReads()
    {
        await using var redis = await TestRedis.StartAsync(new RedisServerOptions { MaxMemoryBytes = 3 << 20 });
        var connection = await redis.ReadyAsync();
        RedisException? full = null;
        for (var i = 0; full is null && i < 1_000; i++)
        {
            full = await Record.ExceptionAsync(() => connection.DoAsync("SET", $"key-{i}", new string('v', 100_000))) as RedisException;
        }

        Assert.Equal(RedisFault.OutOfMemory, full!.Fault);
        Assert.Contains("maxmemory", full.Message, StringComparison.Ordinal);
        Assert.Equal(100_000, (await connection.DoAsync("GET", "key-0")).Text.Length);
        Assert.Equal(1, connection.Sessions);
    }
}
