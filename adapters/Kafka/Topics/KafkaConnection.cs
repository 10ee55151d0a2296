using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Kafka.Native;

namespace Reco.Adapters.Kafka.Topics;

/// <summary>
/// Looks at the brokers and the topics at the start and every few seconds after, makes topics that are missing, and says once when
/// something is wrong and once when it is well again. The process goes on meanwhile: whoever needs Kafka waits or is refused.
/// </summary>
public sealed partial class KafkaConnection : IAsyncDisposable
{
    /// <summary>What the look before this has brought is known; a second wait would only make the look longer.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromMilliseconds(500);
    private readonly KafkaLogContext _context;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _clusterId = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;
    private string? _problem;
    private bool _isDisposed;

    internal KafkaConnection(KafkaLogContext context)
    {
        _context = context;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>What is wrong with the brokers or the topics, and what to do; null when they are as they should be.</summary>
    public string? Problem => !_looked.Task.IsCompleted
        ? $"Kafka at {_context.Options.BootstrapServers} has not answered yet."
        : Volatile.Read(ref _problem);

    /// <summary>What the brokers call their cluster, which is the same whatever addresses they are configured by; null when they do not say so in time.</summary>
    public async Task<string?> ClusterIdAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await _clusterId.Task.WaitAsync(patience, _context.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until the topics have been seen as they should be once; a later outage is the clients' affair.</summary>
    internal Task WaitUntilReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Waits for the first look; then answers what is wrong, as long as the topics have never been seen as they should be.</summary>
    internal async ValueTask<string?> ProblemBeforeReadyAsync(CancellationToken cancellationToken)
    {
        if (_ready.Task.IsCompleted)
        {
            return null;
        }

        await _looked.Task.WaitAsync(cancellationToken);
        return _ready.Task.IsCompleted ? null : Problem;
    }

    /// <summary>Stops looking.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _stop.CancelAsync();
            _ready.TrySetCanceled();
            _looked.TrySetCanceled();
            _clusterId.TrySetCanceled();

            // A look at brokers that do not answer cannot be cancelled; it ends by itself, and holds nothing but its own client.
            await Task.WhenAny(_watching, Task.Delay(PatienceAtTheEnd, _context.Time));
        }
    }

    private async Task WatchAsync()
    {
        using var admin = new AdminClientBuilder(KafkaClientSettings.Common<AdminClientConfig>(_context.Options))
            .SetLogHandler((_, line) => _context.Log(line))
            .SetErrorHandler((_, _) => { }) // The look itself fails and says why.
            .Build();
        var topics = new KafkaTopics(_context, admin);
        var native = new NativeClient(admin.Handle);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(_context.Options.CheckIntervalSeconds), _context.Time);
        try
        {
            do
            {
                Report(await topics.CheckAsync());
                if (!_clusterId.Task.IsCompleted && await OwnThread.RunAsync(() => native.ClusterId(AtOnce)) is { } id)
                {
                    _clusterId.TrySetResult(id);
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The way watching ends.
        }
    }

    private void Report(string? problem)
    {
        var before = Interlocked.Exchange(ref _problem, problem);
        var isFirst = _looked.TrySetResult();
        if (problem is not null && (isFirst || before != problem))
        {
            LogProblem(_context.Logger, problem, _context.Options.CheckIntervalSeconds);
        }
        else if (problem is null && (isFirst || before is not null))
        {
            LogWell(_context.Logger, _context.Options.BootstrapServers, _context.Options.Topic, _context.Options.Partitions);
        }

        if (problem is null)
        {
            _ready.TrySetResult();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} Looking again every {Seconds} s; the system is not ready until then.")]
    private static partial void LogProblem(ILogger logger, string problem, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Kafka at {BootstrapServers} is the event log: topic '{Topic}' with {Partitions} partitions")]
    private static partial void LogWell(ILogger logger, string bootstrapServers, string topic, int partitions);
}
