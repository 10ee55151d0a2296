using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Reco.Core.Ports;
using Reco.Core.Windows;

namespace Reco.Silo.Searching;

/// <summary>
/// A side reader of the event log, with committed offsets of its own: counts what is searched for and reports it. It commits no further than the
/// window reaches back, so that after a restart the window is counted again and nothing has to be stored.
/// </summary>
internal sealed partial class PopularQueriesService(
    IEventLog log,
    IGrainFactory grains,
    IStreamClock clock,
    IOptions<PopularQueriesOptions> options,
    IOptions<WindowOptions> windows,
    TimeProvider time,
    ILogger<PopularQueriesService> logger) : BackgroundService, IPartitionConsumer
{
    private readonly ConcurrentDictionary<int, Owned> _owned = new();

    public Task AssignedAsync(IPartitionReader reader, CancellationToken cancellationToken)
    {
        var worker = new QueryPartition(
            reader, grains, clock, new WindowShape(windows.Value, kinds: 1, countUsers: false), options.Value, time, logger);
        var stop = new CancellationTokenSource();
        _owned[reader.Partition] = new Owned(stop, Task.Run(() => worker.RunAsync(stop.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    public Task RevokedAsync(int partition, CancellationToken cancellationToken) => StopAsync(partition);

    public Task LostAsync(int partition, CancellationToken cancellationToken) => StopAsync(partition);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await log.ConsumeAsync(options.Value.Group, this, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way this service ends.
        }
    }

    private async Task StopAsync(int partition)
    {
        if (_owned.TryRemove(partition, out var owned))
        {
            await owned.Stop.CancelAsync();
            await owned.Run;
            owned.Stop.Dispose();
        }
    }

    private sealed record Owned(CancellationTokenSource Stop, Task Run);
}
