using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Redis;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

/// <summary>What a real server says seldom, and what none says, by a scripted one.</summary>
public sealed class RedisFaultTests
{
    private static string? Well(string command) => command == "PING" ? "+PONG\r\n" : "+OK\r\n";

    [Theory]
    [InlineData("-MOVED 3999 127.0.0.1:6381", RedisFault.Cluster, "Redis Cluster is not supported", false)]
    [InlineData("-ASK 3999 127.0.0.1:6381", RedisFault.Cluster, "Redis:Endpoint", false)]
    [InlineData("-CLUSTERDOWN The cluster is down", RedisFault.Cluster, "single server", false)]
    [InlineData("-OOM command not allowed when used memory > 'maxmemory'.", RedisFault.OutOfMemory, "maxmemory", false)]
    [InlineData("-NOPERM this user has no permissions", RedisFault.NoPermission, "permission", false)]
    [InlineData("-BUSY Redis is busy running a script", RedisFault.Refused, "BUSY", false)]
    [InlineData("-READONLY You can't write against a read only replica.", RedisFault.ReadOnly, "primary", true)]
    [InlineData("-MASTERDOWN Link with MASTER is down", RedisFault.ReadOnly, "primary", true)]
    [InlineData("-LOADING Redis is loading the dataset in memory", RedisFault.Loading, "loaded", true)]
    [InlineData("-NOAUTH Authentication required.", RedisFault.Login, "Redis:Password", true)]
    public async Task Send_ErrorReply_IsNamedWithAdvice(string reply, RedisFault fault, string advice, bool endsSession)
    {
        await using var server = new ScriptedRedis(command => command.StartsWith("GET", StringComparison.Ordinal) ? reply + "\r\n" : Well(command));
        await using var connection = Connect(server.Endpoint);
        await connection.WaitUntilReadyAsync(TestRedis.Cancel).Within("a connection");

        var error = await Assert.ThrowsAsync<RedisException>(() => connection.DoAsync("GET", "key")).Within("the answer");

        Assert.Equal(fault, error.Fault);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        if (endsSession)
        {
            await Deadline.Until(() => connection.Sessions > 1, "another connection, which may do better");
        }
        else
        {
            Assert.Equal("PONG", (await connection.DoAsync("PING")).Text);
            Assert.Equal(1, connection.Sessions);
        }
    }

    [Fact]
    public async Task Connect_WhileTheServerLoads_WaitsAndSaysSoAndIsReadyAfterwards()
    {
        await using var server = new ScriptedRedis(_ => "-LOADING Redis is loading the dataset in memory\r\n");
        await using var connection = Connect(server.Endpoint);

        await Deadline.Until(() => connection.Problem!.Contains("LOADING", StringComparison.Ordinal), "the reason");
        Assert.Equal(RedisFault.Loading, (await Assert.ThrowsAsync<RedisException>(() => connection.DoAsync("GET", "a"))).Fault);

        server.Answer = Well;
        await connection.WaitUntilReadyAsync(TestRedis.Cancel).Within("it has loaded");
        Assert.Null(connection.Problem);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("$999999999999\r\n")]
    [InlineData("*2\r\n*2000000\r\n")]
    [InlineData("+OK\r\n+OK\r\n+OK\r\n+OK\r\n")]
    public async Task Connect_ToWhatIsNotRedis_SaysSo(string answer)
    {
        await using var server = new ScriptedRedis(_ => answer);
        await using var connection = Connect(server.Endpoint);
        await Deadline.Until(() => connection.Problem?.Contains("protocol", StringComparison.Ordinal) == true, "the reason");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("$10\r\nhalf")]
    [InlineData("+no end of the line")]
    public async Task Send_AnswerMissingOrHalf_EndsInItsTimeout(string? answer)
    {
        await using var server = new ScriptedRedis(command => command.StartsWith("GET", StringComparison.Ordinal) ? answer : Well(command));
        await using var connection = Connect(server.Endpoint, o => o.CommandTimeoutSeconds = 0.2);
        await connection.WaitUntilReadyAsync(TestRedis.Cancel).Within("a connection");

        var late = await Assert.ThrowsAsync<RedisException>(() => connection.DoAsync("GET", "key")).Within("the command ends");

        Assert.Equal(RedisFault.TimedOut, late.Fault);
        Assert.Contains("Redis:CommandTimeoutSeconds", late.Message, StringComparison.Ordinal);
        await connection.WaitUntilReadyAsync(TestRedis.Cancel).Within("another connection");
    }

    [Fact]
    public async Task Connect_ServerThatTakesConnectionsAndIsSilent_EndsInItsTimeout()
    {
        await using var server = new ScriptedRedis(_ => null);
        await using var connection = Connect(server.Endpoint, o => (o.ConnectTimeoutSeconds, o.CommandTimeoutSeconds) = (0.1, 10));
        await Deadline.Until(() => connection.Problem!.Contains("ConnectTimeoutSeconds", StringComparison.Ordinal), "the reason");
    }

    [Fact]
    public async Task Reconnect_NobodyListens_WaitsLongerEachTimeUpToTheLongest()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var time = new WaitRecorder();
        using var metrics = new RedisMetrics();
        var options = new RedisOptions { Endpoint = $"127.0.0.1:{port}", ReconnectDelaySeconds = 0.1, ReconnectDelaySecondsMax = 1 };
        await using (var connection = new RedisConnection(options, metrics, time, new Random(1), NullLogger.Instance))
        {
            await Deadline.Until(() => time.Waits.Count >= 8, "eight failures");
            Assert.Contains("cannot be reached", connection.Problem, StringComparison.Ordinal);
        }

        var bounds = new[] { 0.1, 0.2, 0.4, 0.8, 1, 1, 1, 1 };
        Assert.All(time.Waits.Take(8).Zip(bounds), wait => Assert.InRange(wait.First.TotalSeconds, wait.Second / 2, wait.Second));
        Assert.Equal(8, time.Waits.Take(8).Distinct().Count());
    }

    private static RedisConnection Connect(string endpoint, Action<RedisOptions>? configure = null)
    {
        var options = TestRedis.OptionsFor(endpoint);
        configure?.Invoke(options);
        return new RedisConnection(options, new RedisMetrics(), TimeProvider.System, new Random(1), NullLogger.Instance);
    }

    /// <summary>Waits are noted and over at once; timeouts are the system's.</summary>
    private sealed class WaitRecorder : TimeProvider
    {
        private readonly List<TimeSpan> _waits = [];

        public IReadOnlyList<TimeSpan> Waits
        {
            get
            {
                lock (_waits)
                {
                    return [.. _waits];
                }
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var isTimeout = dueTime >= TimeSpan.FromSeconds(5) || period != Timeout.InfiniteTimeSpan || dueTime == Timeout.InfiniteTimeSpan;
            if (!isTimeout)
            {
                lock (_waits)
                {
                    _waits.Add(dueTime);
                }
            }

            return base.CreateTimer(callback, state, isTimeout ? dueTime : TimeSpan.FromMilliseconds(1), period);
        }
    }
}
