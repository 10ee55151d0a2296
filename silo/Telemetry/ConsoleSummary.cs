using Microsoft.Extensions.Options;
using Reco.GrainInterfaces;
using Reco.Silo.Ingest;

namespace Reco.Silo.Telemetry;

/// <summary>One line a minute on the console: what a person wants to know without a metrics system.</summary>
internal sealed partial class ConsoleSummary(
    IngestService ingest, IGrainFactory grains, IOptions<OtlpOptions> options, TimeProvider time, ILogger<ConsoleSummary> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = TimeSpan.FromSeconds(options.Value.SummaryIntervalSeconds);
        if (interval == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval, time);
        var before = ingest.AppliedEvents;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = ingest.AppliedEvents;
                var perSecond = (now - before) / interval.TotalSeconds;
                before = now;
                try
                {
                    var model = (await grains.GetGrain<IAlsGrain>(0).GetStatusAsync()).Published;
                    LogSummary(perSecond, ingest.Lag, model?.Version ?? 0, model?.Items ?? 0);
                }
                catch (Exception failure) when (failure is TimeoutException or OrleansException)
                {
                    LogNoModel(failure, perSecond, ingest.Lag);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{EventsPerSecond:0} events/s, lag {Lag}, model version {ModelVersion} over {Items} products")]
    private partial void LogSummary(double eventsPerSecond, long lag, long modelVersion, int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{EventsPerSecond:0} events/s, lag {Lag}, the model grain does not answer")]
    private partial void LogNoModel(Exception failure, double eventsPerSecond, long lag);
}
