using Microsoft.Extensions.Logging;
using Reco.Adapters.Redis.Resp;

namespace Reco.Adapters.Redis;

/// <summary>
/// A connection that is kept: one socket for all callers, made again with growing, varied waits when it is lost. While there is none, commands fail
/// at once; otherwise each ends by its reply or within its timeout (and the eighth of it that the clock's ticks are apart).
/// </summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    private const int TicksPerTimeout = 8;

    private readonly RedisOptions _options;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly ILogger _logger;
    private readonly RedisDialer _dialer;
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _ticks;
    private readonly Task _keeping;
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RedisSession? _session;
    private volatile RedisException _problem;
    private long _sessions;
    private int _closed;

    /// <summary>Begins to connect; need not succeed.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock of timeouts and waits.</param>
    /// <param name="jitter">Varies the waits, so that many clients do not come back at one moment.</param>
    /// <param name="logger">Told when the connection comes and goes.</param>
    public RedisConnection(RedisOptions options, RedisMetrics metrics, TimeProvider time, Random jitter, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _metrics, _time, _jitter, _logger) = (options, metrics, time, jitter, logger);
        _problem = new RedisException(RedisFault.NotConnected, $"Redis at {options.Endpoint} is not connected yet.");
        _dialer = new RedisDialer(options, metrics, time);
        metrics.ObserveQueue(() => _session?.Unanswered ?? 0);
        metrics.ObserveReady(() => IsReady);
        var tick = options.CommandTimeout / TicksPerTimeout;
        _ticks = time.CreateTimer(_ => _session?.CheckTimeout(), null, tick, tick);
        _keeping = Task.Run(KeepAsync);
    }

    /// <summary>Whether commands are taken at the moment.</summary>
    public bool IsReady => _session is not null;

    /// <summary>Why they are not; null when they are.</summary>
    public string? Problem => IsReady ? null : _problem.Message;

    /// <summary>How many times a connection has got ready: after each, the server may have lost what it held.</summary>
    public long Sessions => Interlocked.Read(ref _sessions);

    /// <summary>Writes to the present socket: what came together goes out together.</summary>
    internal long SocketWrites => _session?.Writes ?? 0;

    /// <summary>Ends when commands are taken.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        while (!IsReady)
        {
            await Volatile.Read(ref _ready).Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends the commands with one write and answers all replies, error replies among them.</summary>
    /// <exception cref="RedisException">There is no connection, or it was lost before the last reply: what was done is not known.</exception>
    internal async Task<RedisReplies> SendAsync(RespWriter commands, bool keepReplies, CancellationToken cancellationToken)
    {
        try
        {
            var session = _session ?? throw new RedisException(_problem.Fault, _problem.Message);
            return await session.SendAsync(commands, keepReplies).WaitAsync(cancellationToken);
        }
        catch (RedisException failure)
        {
            _metrics.Failed(failure.Fault);
            throw;
        }
    }

    /// <summary>Sends one command and answers its reply.</summary>
    /// <exception cref="RedisException">As for several; or the reply is an error.</exception>
    internal async Task<RespReply> SendAsync(RespWriter command, CancellationToken cancellationToken)
    {
        var replies = await SendAsync(command, keepReplies: true, cancellationToken);
        if (replies.FirstError is { } error)
        {
            _metrics.Failed(error.Fault);
            throw error;
        }

        return replies.All[^1];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync();
        await _keeping;
        await _ticks.DisposeAsync();
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using var session = await _dialer.DialAsync(_stop.Token);
                var lived = await UseAsync(session);

                // A server that takes connections and drops them at once is not well: the waits go on growing.
                failures = lived > TimeSpan.FromSeconds(_options.ReconnectDelaySecondsMax) ? 0 : failures;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (RedisException failure)
            {
                _metrics.Connected(ready: false);
                if (failure.Message != _problem.Message)
                {
                    LogCannotConnect(failure.Message);
                }

                _problem = failure;
            }

            await WaitAsync(failures++);
        }
    }

    private async Task<TimeSpan> UseAsync(RedisSession session)
    {
        var since = _time.GetTimestamp();
        Interlocked.Increment(ref _sessions);
        _session = session;
        _metrics.Connected(ready: true);
        LogReady(_options.Endpoint);
        Volatile.Read(ref _ready).TrySetResult();
        try
        {
            _problem = await session.Ended.WaitAsync(_stop.Token);
            LogLost(_problem.Message);
        }
        finally
        {
            Volatile.Write(ref _ready, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _session = null;
        }

        return _time.GetElapsedTime(since);
    }

    private async Task WaitAsync(int failures)
    {
        // A half to the whole of it at random; 2^30 of the shortest wait is above every longest.
        var seconds = Math.Min(_options.ReconnectDelaySeconds * (1L << Math.Min(failures, 30)), _options.ReconnectDelaySecondsMax);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds * (0.5 + (0.5 * _jitter.NextDouble()))), _time, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Closed while it waited.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis at {Endpoint} is connected")]
    private partial void LogReady(string endpoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is lost and will be connected again: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis cannot be connected, and is tried again and again: {Reason}")]
    private partial void LogCannotConnect(string reason);
}
