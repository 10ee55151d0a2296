using Microsoft.Extensions.Logging.Abstractions;
using Reco.Adapters.Redis;
using Reco.Adapters.Redis.Resp;
using Reco.Testing;

namespace Reco.Adapters.Tests.Redis;

/// <summary>A private redis-server and connections to it.</summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly List<RedisConnection> _connections = [];
    private readonly RedisMetrics _metrics = new();

    private TestRedis(RedisServer server) => Server = server;

    public RedisServer Server { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestRedis> StartAsync(RedisServerOptions? options = null)
    {
        RedisServer.Require();
        return new TestRedis(await RedisServer.StartAsync(options));
    }

    /// <summary>Quick to give up and quick to come back.</summary>
    public static RedisOptions OptionsFor(string endpoint) => new()
    {
        Endpoint = endpoint,
        ConnectTimeoutSeconds = 2,
        CommandTimeoutSeconds = 1,
        ReconnectDelaySeconds = 0.01,
        ReconnectDelaySecondsMax = 0.1,
    };

    public RedisConnection Connect(Action<RedisOptions>? configure = null)
    {
        var options = OptionsFor(Server.Endpoint);
        configure?.Invoke(options);
        var connection = new RedisConnection(options, _metrics, TimeProvider.System, new Random(1), NullLogger.Instance);
        _connections.Add(connection);
        return connection;
    }

    public async Task<RedisConnection> ReadyAsync(Action<RedisOptions>? configure = null)
    {
        var connection = Connect(configure);
        await connection.WaitUntilReadyAsync(Cancel).Within($"a connection ({connection.Problem})");
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await Server.DisposeAsync();
        _metrics.Dispose();
    }
}

/// <summary>Commands in words, for tests.</summary>
internal static class RedisWords
{
    public static async Task<RespReply> DoAsync(this RedisConnection connection, string name, params string[] arguments)
    {
        using var writer = new RespWriter();
        writer.Add(name, arguments);
        return await connection.SendAsync(writer, TestRedis.Cancel);
    }

    public static void Add(this RespWriter writer, string name, params string[] arguments)
    {
        writer.Command(System.Text.Encoding.UTF8.GetBytes(name), arguments.Length);
        foreach (var argument in arguments)
        {
            writer.Argument(argument);
        }
    }
}
