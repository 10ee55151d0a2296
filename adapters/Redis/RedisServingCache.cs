using System.Globalization;
using System.Text;
using Reco.Adapters.Redis.Resp;
using Reco.Core.Ports;

namespace Reco.Adapters.Redis;

/// <summary>
/// The serving cache in Redis. A document is a string; a ranking is a sorted set that is replaced within MULTI and EXEC; each with its time to live.
/// A call is one write to the socket, however many keys it carries.
/// </summary>
public sealed class RedisServingCache(RedisConnection connection) : IServingCache
{
    private volatile string? _refusal;

    /// <inheritdoc/>
    public bool IsAvailable => connection.IsReady;

    /// <inheritdoc/>
    public string? Problem => connection.Problem ?? _refusal;

    /// <inheritdoc/>
    public long Generation => connection.Sessions;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        using var command = new RespWriter();
        command.Command("GET"u8, 1).Argument(key);
        var reply = await AskAsync(command, cancellationToken);
        return reply.Kind switch
        {
            RespKind.Null => (ReadOnlyMemory<byte>?)null,
            RespKind.Bulk => reply.Bytes,
            _ => throw Unexpected("GET", reply),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RankedMember>> ReadRankingAsync(string key, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        using var command = new RespWriter();
        command.Command("ZREVRANGE"u8, 4).Argument(key).Argument(0).Argument(limit - 1).Argument("WITHSCORES"u8);
        var reply = await AskAsync(command, cancellationToken);
        if (reply.Kind != RespKind.Array || reply.Items.Length % 2 != 0)
        {
            throw Unexpected("ZREVRANGE", reply);
        }

        return [.. reply.Items.Chunk(2).Select(pair => new RankedMember(pair[0].Text, Score(pair[1])))];
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ServingWrites writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        if (writes.Documents.Count + writes.Rankings.Count == 0)
        {
            return;
        }

        using var commands = new RespWriter(16 << 10);
        foreach (var document in writes.Documents)
        {
            commands.Command("SET"u8, 4).Argument(document.Key).Argument(document.Json.Span).Argument("PX"u8).Argument(Milliseconds(document.TimeToLive));
        }

        foreach (var ranking in writes.Rankings)
        {
            Replace(commands, ranking);
        }

        try
        {
            var replies = await connection.SendAsync(commands, keepReplies: false, cancellationToken);
            if (replies.FirstError is { } refusal)
            {
                _refusal = refusal.Message;
                throw new ServingCacheException($"{replies.Errors} of {commands.Commands} commands were refused. {refusal.Message}", refusal);
            }

            _refusal = null;
        }
        catch (RedisException failure)
        {
            throw new ServingCacheException(failure.Message, failure);
        }
    }

    /// <summary>In one transaction: nobody sees the ranking gone, half, or without its time to live.</summary>
    private static void Replace(RespWriter commands, ServingRanking ranking)
    {
        if (ranking.Members.Count == 0)
        {
            commands.Command("DEL"u8, 1).Argument(ranking.Key);
            return;
        }

        commands.Command("MULTI"u8, 0);
        commands.Command("DEL"u8, 1).Argument(ranking.Key);
        commands.Command("ZADD"u8, 1 + (2 * ranking.Members.Count)).Argument(ranking.Key);
        foreach (var member in ranking.Members)
        {
            commands.Argument(member.Score).Argument(member.ProductId);
        }

        commands.Command("PEXPIRE"u8, 2).Argument(ranking.Key).Argument(Milliseconds(ranking.TimeToLive));
        commands.Command("EXEC"u8, 0);
    }

    private async Task<RespReply> AskAsync(RespWriter command, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(command, cancellationToken);
        }
        catch (RedisException failure)
        {
            // A refusal is remembered until a write goes well; what the connection suffers from is the connection's to say.
            _refusal = failure.Fault is RedisFault.Cluster or RedisFault.NoPermission ? failure.Message : _refusal;
            throw new ServingCacheException(failure.Message, failure);
        }
    }

    /// <summary>Redis refuses 0: a time to live below a millisecond is one.</summary>
    private static long Milliseconds(TimeSpan timeToLive) => Math.Max(1, (long)timeToLive.TotalMilliseconds);

    private static double Score(RespReply reply) =>
        double.Parse(Encoding.ASCII.GetString(reply.Bytes), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static ServingCacheException Unexpected(string command, RespReply reply) =>
        new($"Redis answers {command} with {reply.Kind}: is it another program's key?");
}
