using Npgsql;
using Reco.Silo.Cluster.Tables;
using StackExchange.Redis;

namespace Reco.Silo.Cluster;

/// <summary>
/// Waits until what keeps the list of silos and the state answers, and makes Orleans' tables in PostgreSQL. A database that is started
/// after the silo costs a wait, not a crash.
/// </summary>
internal sealed partial class MembershipGate(ClusterChoice choice, IConfiguration configuration, TimeProvider time, ILogger<MembershipGate> logger)
    : IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (choice.Membership == ClusterMembership.Redis || choice.Storage == ClusterStorage.Redis)
        {
            await UntilItAnswersAsync("Redis", choice.Redis!, PingRedisAsync, cancellationToken);
        }

        if (choice.Membership == ClusterMembership.Postgres || choice.Storage == ClusterStorage.Postgres)
        {
            var parts = new NpgsqlConnectionStringBuilder(choice.Postgres);
            await UntilItAnswersAsync("PostgreSQL", $"{parts.Host}:{parts.Port}/{parts.Database}", stop => OrleansTables.ApplyAsync(choice.Postgres!, stop), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task UntilItAnswersAsync(string name, string where, Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await ask(cancellationToken);
                return;
            }
            catch (Exception failure) when (failure is RedisException or NpgsqlException or TimeoutException or IOException)
            {
                LogWaiting(name, where, failure.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task PingRedisAsync(CancellationToken cancellationToken)
    {
        var options = RedisEndpoint.Of(configuration);
        options.AbortOnConnectFail = true;
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
        await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster's {Name} at {Where} does not answer, trying again in a second: {Reason}")]
    private partial void LogWaiting(string name, string where, string reason);
}
