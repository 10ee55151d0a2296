using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Core.Serving;

namespace Reco.ClientApi.Serving;

/// <summary>
/// Writes what requests have computed, beside them: no request waits for it, and what comes within a short while goes together. A newer document
/// takes the place of an older one under its key; when the queue is full the oldest is dropped.
/// </summary>
internal sealed partial class ServingWriter(
    IServingCache cache, IOptions<ServingCacheOptions> options, ServingMetrics metrics, TimeProvider time, ILogger<ServingWriter> logger) : BackgroundService
{
    /// <summary>Of one write: about 2 MB of recommendations.</summary>
    private const int FlushDocumentsMax = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingDocument> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private readonly SemaphoreSlim _some = new(0, 1);
    private bool _refused;

    /// <summary>Takes it unless the cache is away: what is computed then is computed again when it is asked for.</summary>
    public void Enqueue(ServingDocument document)
    {
        if (!cache.IsAvailable)
        {
            return;
        }

        lock (_gate)
        {
            if (!_waiting.ContainsKey(document.Key))
            {
                _oldestFirst.Enqueue(document.Key);
                if (_oldestFirst.Count > options.Value.WriteQueueDocuments)
                {
                    _waiting.Remove(_oldestFirst.Dequeue());
                    metrics.Dropped(1);
                }
            }

            _waiting[document.Key] = document;
            if (_some.CurrentCount == 0)
            {
                _some.Release();
            }
        }
    }

    public override void Dispose()
    {
        _some.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromMilliseconds(options.Value.WriteIntervalMilliseconds);
        try
        {
            while (true)
            {
                await _some.WaitAsync(stoppingToken);
                while (Take() is { Count: > 0 } documents)
                {
                    await WriteAsync(documents, stoppingToken);
                    await Task.Delay(interval, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends. What waits is a copy.
        }
    }

    private List<ServingDocument> Take()
    {
        lock (_gate)
        {
            var documents = new List<ServingDocument>(Math.Min(_oldestFirst.Count, FlushDocumentsMax));
            while (documents.Count < FlushDocumentsMax && _oldestFirst.TryDequeue(out var key))
            {
                _waiting.Remove(key, out var document);
                documents.Add(document);
            }

            return documents;
        }
    }

    private async Task WriteAsync(List<ServingDocument> documents, CancellationToken cancellationToken)
    {
        try
        {
            await cache.WriteAsync(new ServingWrites { Documents = documents }, cancellationToken);
            metrics.Written(documents.Count);
            _refused = false;
        }
        catch (ServingCacheException failure)
        {
            metrics.Dropped(documents.Count);
            if (!_refused)
            {
                // Once until it is well again: the metrics count the rest.
                _refused = true;
                LogRefused(documents.Count, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The serving cache did not take {Documents} documents; answers go on without it. {Reason}")]
    private partial void LogRefused(int documents, string reason);
}
