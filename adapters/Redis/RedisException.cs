using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Redis;

/// <summary>Why a command has no result.</summary>
public enum RedisFault
{
    /// <summary>There is no connection: never was, lost, or given up.</summary>
    NotConnected,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>Too much is unanswered already.</summary>
    QueueFull,

    /// <summary>What answers is not Redis, or says what no reply may be.</summary>
    Protocol,

    /// <summary>LOADING: the server reads its data from disk.</summary>
    Loading,

    /// <summary>OOM: maxmemory is reached and nothing may be evicted.</summary>
    OutOfMemory,

    /// <summary>MOVED, ASK, CLUSTERDOWN: a node of a Redis Cluster.</summary>
    Cluster,

    /// <summary>READONLY, MASTERDOWN: a replica.</summary>
    ReadOnly,

    /// <summary>NOAUTH, WRONGPASS: the login is missing or wrong.</summary>
    Login,

    /// <summary>NOPERM: the user may not do this.</summary>
    NoPermission,

    /// <summary>Any other error of the server.</summary>
    Refused,
}

/// <summary>Redis cannot do what was asked; the message says why and what to do.</summary>
public sealed class RedisException(RedisFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind of it.</summary>
    public RedisFault Fault => fault;

    /// <summary>Whether another connection may do better than the present one, so that this one is given up.</summary>
    internal bool EndsSession => fault is RedisFault.Loading or RedisFault.ReadOnly or RedisFault.Login or RedisFault.Protocol;

    /// <summary>Of an error reply: its first word is the code.</summary>
    internal static RedisException Of(RespReply error)
    {
        var text = error.Text;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var (fault, advice) = (space < 0 ? text : text[..space]) switch
        {
            "LOADING" => (RedisFault.Loading, "It is used as soon as it has loaded its data."),
            "OOM" => (RedisFault.OutOfMemory, "Raise its maxmemory, or let it evict: maxmemory-policy volatile-ttl."),
            "MOVED" or "ASK" or "CLUSTERDOWN" or "CROSSSLOT" => (RedisFault.Cluster, "Redis Cluster is not supported: set Redis:Endpoint to a single server."),
            "READONLY" or "MASTERDOWN" => (RedisFault.ReadOnly, "Set Redis:Endpoint to the primary, not to a replica."),
            "NOAUTH" => (RedisFault.Login, "Set Redis:Password, and Redis:User if it is not the default user."),
            "WRONGPASS" => (RedisFault.Login, "Check Redis:User and Redis:Password."),
            "NOPERM" => (RedisFault.NoPermission, "Give the user the permission: docs/serving.md names the commands and keys."),
            "ERR" when text.Contains("AUTH", StringComparison.Ordinal) => (RedisFault.Login, "Leave Redis:Password out for a server without one."),
            _ => (RedisFault.Refused, ""),
        };
        return new RedisException(fault, $"Redis answers: {text}. {advice}".TrimEnd());
    }
}
