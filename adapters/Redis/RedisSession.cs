using System.Buffers;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Redis;

/// <summary>
/// One connected socket, shared by all callers. What they send while a write is under way goes out with the next one, and replies come in the
/// order of the commands, so that no caller waits for another's round trip. It ends with the first failure, and every request ends with it.
/// </summary>
internal sealed class RedisSession(Stream stream, RedisOptions options, RedisMetrics metrics, TimeProvider time, RespLimits? limits = null)
    : IAsyncDisposable
{
    private const int ReadBufferBytes = 64 << 10;

    /// <summary>A buffer that one large flush has grown is not kept.</summary>
    private const int KeptBufferBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<RedisRequest> _unanswered = new();
    private readonly SemaphoreSlim _written = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<RedisException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _gathering = new(ReadBufferBytes);
    private ArrayBufferWriter<byte> _sending = new(ReadBufferBytes);
    private RedisException? _failure;
    private int _commands;
    private Task _loops = Task.CompletedTask;

    /// <summary>Commands that are not answered yet.</summary>
    public int Unanswered => Volatile.Read(ref _commands);

    /// <summary>Writes to the socket so far.</summary>
    public long Writes { get; private set; }

    /// <summary>Ends when the session does, with the reason.</summary>
    public Task<RedisException> Ended => _ended.Task;

    public void Start() => _loops = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync));

    /// <summary>Sends what was written; its task ends by a reply to each command, or by the session's end. The bytes are copied.</summary>
    public Task<RedisReplies> SendAsync(RespWriter writer, bool keepReplies)
    {
        var bytes = writer.Written;
        var request = new RedisRequest(writer.Commands, keepReplies, time.GetTimestamp());
        lock (_gate)
        {
            if (_failure is { } failure)
            {
                return Task.FromException<RedisReplies>(failure);
            }

            // One request may be larger than the bounds by itself, as long as it is alone: it would never be sent otherwise.
            if (_commands > 0 && (_commands + request.Commands > options.QueueCommands || _gathering.WrittenCount + bytes.Length > options.QueueBytes))
            {
                return Task.FromException<RedisReplies>(new RedisException(
                    RedisFault.QueueFull, $"Redis is behind: {_commands} commands are unanswered. Redis:QueueCommands and QueueBytes bound them."));
            }

            _gathering.Write(bytes.Span);
            _unanswered.Enqueue(request);
            _commands += request.Commands;
            if (_written.CurrentCount == 0)
            {
                _written.Release();
            }
        }

        return request.Replies;
    }

    /// <summary>Gives the session up when its oldest command has waited too long.</summary>
    public void CheckTimeout()
    {
        lock (_gate)
        {
            if (!_unanswered.TryPeek(out var oldest) || time.GetElapsedTime(oldest.SentAt) < options.CommandTimeout)
            {
                return;
            }
        }

        Fail(new RedisException(RedisFault.TimedOut, $"Redis did not answer within {options.CommandTimeoutSeconds} s (Redis:CommandTimeoutSeconds)."));
    }

    public void Fail(RedisException failure)
    {
        RedisRequest[] lost;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = failure;
            lost = [.. _unanswered];
            _unanswered.Clear();
            _commands = 0;
        }

        _stop.Cancel();
        stream.Dispose();
        foreach (var request in lost)
        {
            request.Fail(failure);
        }

        _ended.TrySetResult(failure);
    }

    public async ValueTask DisposeAsync()
    {
        Fail(new RedisException(RedisFault.NotConnected, "The connection to Redis was closed by this side."));
        await _loops;
        _stop.Dispose();
        _written.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                await _written.WaitAsync(_stop.Token);
                while (TakeGathered())
                {
                    metrics.Wrote();
                    Writes++;
                    await stream.WriteAsync(_sending.WrittenMemory, _stop.Token);
                    _sending = _sending.Capacity > KeptBufferBytes ? new ArrayBufferWriter<byte>(ReadBufferBytes) : _sending;
                    _sending.ResetWrittenCount();
                }
            }
        }
        catch (Exception failure)
        {
            Fail(Lost(failure));
        }
    }

    private bool TakeGathered()
    {
        lock (_gate)
        {
            (_gathering, _sending) = (_sending, _gathering);
            return _sending.WrittenCount > 0;
        }
    }

    private async Task ReadAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        var parser = new RespParser(limits);
        try
        {
            while (await stream.ReadAsync(buffer, _stop.Token) is var bytes and > 0)
            {
                TakeReplies(parser, buffer.AsSpan(0, bytes));
            }

            Fail(new RedisException(RedisFault.NotConnected, "Redis closed the connection."));
        }
        catch (RespProtocolException broken)
        {
            Fail(new RedisException(RedisFault.Protocol, $"What answers at Redis:Endpoint does not speak Redis' protocol: {broken.Message}.", broken));
        }
        catch (Exception failure)
        {
            Fail(Lost(failure));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void TakeReplies(RespParser parser, ReadOnlySpan<byte> bytes)
    {
        RedisRequest? current = null;
        while (parser.TryRead(ref bytes, out var reply))
        {
            if (reply.Kind == RespKind.Push)
            {
                continue;
            }

            current ??= Oldest();
            if (!current.Take(reply))
            {
                continue;
            }

            if (!Answered(current))
            {
                return;
            }

            current = null;
        }
    }

    private RedisRequest Oldest()
    {
        lock (_gate)
        {
            // A session that has failed has no requests any more, and what still comes for them is nobody's.
            return _unanswered.TryPeek(out var oldest) ? oldest
                : throw new RespProtocolException("a reply that nothing was asked for");
        }
    }

    /// <summary>False when the session has ended meanwhile, or ends with this answer.</summary>
    private bool Answered(RedisRequest request)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return false;
            }

            _unanswered.Dequeue();
            _commands -= request.Commands;
        }

        metrics.Answered(request.Commands, time.GetElapsedTime(request.SentAt));
        var end = request.EndsSession;
        request.Complete();
        if (end is null)
        {
            return true;
        }

        Fail(end);
        return false;
    }

    private static RedisException Lost(Exception failure) =>
        new(RedisFault.NotConnected, $"The connection to Redis is lost: {failure.Message}", failure);
}
