using StackExchange.Redis;

namespace Reco.Silo.Cluster.Charters;

/// <summary>Charters in Redis: a hash beside the one that Orleans keeps the list of silos in.</summary>
internal sealed class RedisCharterStore(ConfigurationOptions redis, string serviceId, string clusterId) : ICharterStore
{
    private readonly RedisKey _key = $"{serviceId}/charters/{clusterId}";

    public async Task WriteAsync(string silo, ClusterCharter charter, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis).WaitAsync(cancellationToken);
        await connection.GetDatabase().HashSetAsync(_key, silo, charter.ToJson()).WaitAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ClusterCharter>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis).WaitAsync(cancellationToken);
        var all = await connection.GetDatabase().HashGetAllAsync(_key).WaitAsync(cancellationToken);
        return all.ToDictionary(entry => entry.Name.ToString(), entry => ClusterCharter.Read(entry.Value.ToString()), StringComparer.Ordinal);
    }

    public async Task RemoveAsync(IReadOnlyCollection<string> silos, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis).WaitAsync(cancellationToken);
        await connection.GetDatabase().HashDeleteAsync(_key, [.. silos.Select(silo => (RedisValue)silo)]).WaitAsync(cancellationToken);
    }
}

/// <summary>The mark of grain state in Redis.</summary>
internal sealed class RedisStateMark(ConfigurationOptions redis, string serviceId) : IStateMark
{
    public async Task<string> ReadOrMakeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis).WaitAsync(cancellationToken);
        var database = connection.GetDatabase();
        RedisKey key = $"{serviceId}/state-mark";
        await database.StringSetAsync(key, Guid.NewGuid().ToString("N"), when: When.NotExists).WaitAsync(cancellationToken);
        return (await database.StringGetAsync(key).WaitAsync(cancellationToken)).ToString();
    }
}
