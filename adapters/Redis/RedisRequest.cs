using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Redis;

/// <summary>Commands that were sent together, and their replies as they come. The task ends when the last reply is there.</summary>
internal sealed class RedisRequest(int commands, bool keepReplies, long sentAt)
{
    private readonly TaskCompletionSource<RedisReplies> _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RespReply[] _kept = keepReplies ? new RespReply[commands] : [];
    private int _received;
    private int _errors;
    private RespReply _firstError;

    public int Commands => commands;

    /// <summary>Timestamp of the clock.</summary>
    public long SentAt => sentAt;

    public Task<RedisReplies> Replies => _replies.Task;

    /// <summary>True when it was the last.</summary>
    public bool Take(RespReply reply)
    {
        if (keepReplies)
        {
            _kept[_received] = reply;
        }
        else if (reply.Kind == RespKind.Array)
        {
            // Of EXEC: what the commands of the transaction answered.
            reply = Array.Find(reply.Items, static item => item.IsError);
        }

        if (reply.IsError && _errors++ == 0)
        {
            _firstError = reply;
        }

        return ++_received == commands;
    }

    /// <summary>After the last reply.</summary>
    public void Complete() => _replies.TrySetResult(new RedisReplies(_kept, _errors, _errors == 0 ? null : RedisException.Of(_firstError)));

    public void Fail(RedisException failure) => _replies.TrySetException(failure);

    /// <summary>The error that another connection may do better than, if there is one.</summary>
    public RedisException? EndsSession => _errors > 0 && RedisException.Of(_firstError) is { EndsSession: true } error ? error : null;
}

/// <summary>What a request brought.</summary>
/// <param name="All">One for each command, errors too; empty when they were not to be kept.</param>
/// <param name="Errors">How many of them are errors.</param>
/// <param name="FirstError">The first error; null when there is none.</param>
internal sealed record RedisReplies(RespReply[] All, int Errors, RedisException? FirstError);
