using Reco.Core.Ports;
using Reco.Core.Searching;
using Reco.Core.Windows;
using Reco.GrainInterfaces;

namespace Reco.Silo.Searching;

/// <summary>Counts the searches of one partition and reports them.</summary>
internal sealed partial class QueryPartition(
    IPartitionReader reader,
    IGrainFactory grains,
    IStreamClock clock,
    WindowShape shape,
    PopularQueriesOptions options,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly IdPool _pool = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private QueryCounter _counter = new(shape);
    private long _position;
    private bool _wasEmpty;

    /// <summary>Works until stopped; after a failure it starts again from the last commit, as the window is counted from there.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var pass = CancellationTokenSource.CreateLinkedTokenSource(stop);
            try
            {
                _counter = new QueryCounter(shape);
                _position = reader.Committed?.NextOffset ?? reader.FirstOffset;
                reader.Seek(_position);
                var (reading, reporting) = (ReadAsync(pass.Token), ReportAsync(pass.Token));
                await Task.WhenAny(reading, reporting);
                await pass.CancelAsync();
                await Task.WhenAll(reading, reporting);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Nothing is lost: the log still holds every search. It is a statistic: say so, and count again.
                LogFailed(failure, reader.Partition);
                await WaitAsync(stop);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(RetryDelay, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it waited; the loop sees it.
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            var records = await reader.ReadAsync(options.BatchRecordsMax, stop);
            await _gate.WaitAsync(stop);
            try
            {
                Count(records);
            }
            finally
            {
                _gate.Release();
            }

            if (reader.EndOffset - _position < options.BatchRecordsMax)
            {
                await Task.Delay(options.ReadInterval, time, stop);
            }
        }
    }

    private void Count(IReadOnlyList<LogRecord> records)
    {
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];

            // Most events are no searches, and it is cheaper to see that than to read them.
            if (record.Value.Span.IndexOf("\"search\""u8) >= 0
                && ShopEventJson.TryRead(record.Value.Span, record.AppendedAtMs, _pool, out var shopEvent, out _)
                && shopEvent is { Type: EventType.Search, Query: { } query })
            {
                _counter.Add(query, shopEvent.TimestampMs, record.Offset);
            }

            _position = record.Offset + 1;
        }
    }

    private async Task ReportAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.ReportIntervalSeconds), time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            QueryReport report;
            long safe;
            await _gate.WaitAsync(stop);
            try
            {
                report = Report();
                safe = _counter.FirstOffset ?? _position;
            }
            finally
            {
                _gate.Release();
            }

            if (report.Panes.Length > 0 || !_wasEmpty)
            {
                await grains.GetGrain<IPopularQueriesGrain>(0).ReportAsync(report);
            }

            _wasEmpty = report.Panes.Length == 0;
            if (safe > (reader.Committed?.NextOffset ?? reader.FirstOffset))
            {
                await reader.CommitAsync(new CommittedPosition(safe, long.MinValue, time.GetUtcNow().ToUnixTimeMilliseconds()), stop);
            }
        }
    }

    private QueryReport Report() => new()
    {
        Partition = reader.Partition,
        Panes =
        [
            .. _counter.Read(clock.NowMs, options.QueriesReported).Select(pane => new QueryReportPane
            {
                Pane = pane.Pane,
                Queries = [.. pane.Queries.Select(query => new PopularQuery { Query = query.Query, Count = query.Count })],
            }),
        ],
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Searches of partition {Partition} cannot be counted; tried again")]
    private partial void LogFailed(Exception failure, int partition);
}
