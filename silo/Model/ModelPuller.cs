using Reco.GrainInterfaces;
using Reco.Grains.Model;

namespace Reco.Silo.Model;

/// <summary>Keeps this silo's model the published one: asks every second, fetches in chunks, swaps. Asking also keeps the AlsGrain active.</summary>
internal sealed partial class ModelPuller(IGrainFactory grains, ModelHolder holder, TimeProvider time, ILogger<ModelPuller> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                try
                {
                    await PullAsync();
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    // Serving goes on with the model that is here; the next second asks again.
                    LogPullFailed(failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
    }

    private async Task PullAsync()
    {
        var source = grains.GetGrain<IAlsGrain>(0);
        var published = (await source.GetStatusAsync()).Published;
        if (published is null || published.Version == holder.Current?.Version)
        {
            return;
        }

        if (await FactorChunks.FetchAsync(source, published.Version) is { } model)
        {
            holder.Offer(model);
            LogPulled(model.Version, model.Items.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serves model version {Version} over {Items} products")]
    private partial void LogPulled(long version, int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The published model could not be fetched; the present one goes on serving")]
    private partial void LogPullFailed(Exception failure);
}
