using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Reco.Silo.Doctor;

/// <summary>The grain states that Orleans keeps in Redis: hashes at {service}/state/{grain type}/{grain key}/{state}, in the field "data".</summary>
internal static class RedisStates
{
    public static async IAsyncEnumerable<StoredState> ReadAsync(
        ConfigurationOptions options, string serviceId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellationToken);
        var database = redis.GetDatabase();
        var prefix = $"{serviceId}/state/";
        await foreach (var key in redis.GetServers()[0].KeysAsync(database.Database, prefix + "*", pageSize: 1_000).WithCancellation(cancellationToken))
        {
            if ((byte[]?)await database.HashGetAsync(key, "data") is { } json)
            {
                yield return StoredState.Of(key.ToString()[prefix.Length..], json);
            }
        }
    }
}
