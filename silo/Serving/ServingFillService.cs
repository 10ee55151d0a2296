using Microsoft.Extensions.Options;

namespace Reco.Silo.Serving;

/// <summary>A round of <see cref="ServingFiller"/> every second or so.</summary>
internal sealed partial class ServingFillService(
    ServingFiller filler, IOptions<ServingFillOptions> options, TimeProvider time, ILogger<ServingFillService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time);
        var last = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var since = time.GetElapsedTime(last);
                last = time.GetTimestamp();
                try
                {
                    await filler.RoundAsync(since, stoppingToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // A grain whose state cannot be read, say: its user goes without, the next round has others.
                    LogRoundFailed(failure);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A round of filling the serving cache failed")]
    private partial void LogRoundFailed(Exception failure);
}
