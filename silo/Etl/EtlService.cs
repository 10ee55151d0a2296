using Microsoft.Extensions.Options;
using Reco.Adapters.Elasticsearch;
using Reco.Adapters.Postgres;
using Reco.Adapters.Postgres.Schema;
using Reco.Workload.Etl;

namespace Reco.Silo.Etl;

/// <summary>The ETL in the background: takes in every few seconds what changed. Of several processes one runs at a time.</summary>
internal sealed partial class EtlService(
    ProductEtl products,
    OrdersEtl orders,
    PostgresStartup startup,
    IOptions<EtlOptions> options,
    IOptions<PostgresOptions> postgres,
    TimeProvider time,
    ILogger<EtlService> logger) : BackgroundService
{
    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time);
        try
        {
            await startup.Ready.WaitAsync(stoppingToken);
            do
            {
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the next run goes on.
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var report = await products.RunAsync(full: false, cancellationToken);
            var days = await orders.RunAsync(report.IsFull, cancellationToken);
            if (_problem is not null || report.IsFull)
            {
                LogRun(report.Generation, report.Written, report.Removed, days, report.Elapsed.TotalSeconds);
            }

            _problem = null;
        }
        catch (EtlException busy)
        {
            LogBusy(busy.Message);
        }
        catch (ElasticsearchException failure)
        {
            Note(failure.Message);
        }
        catch (Exception failure) when (PostgresFaults.IsOfTheServer(failure))
        {
            Note(PostgresFaults.Describe(failure, postgres.Value.ConnectionString));
        }
    }

    /// <summary>Said once, not at every run.</summary>
    private void Note(string problem)
    {
        if (_problem is null)
        {
            LogFailed(problem);
        }

        _problem = problem;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "ETL: index {Index}, {Written} products written, {Removed} removed, {Days} days of orders, in {Seconds} s")]
    private partial void LogRun(string index, long written, long removed, int days, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "ETL: {Reason}")]
    private partial void LogBusy(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ETL waits: {Problem}")]
    private partial void LogFailed(string problem);
}
