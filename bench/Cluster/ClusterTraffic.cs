using Reco.Bench.Ingest;
using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Workload.Traffic;

namespace Reco.Bench.Cluster;

/// <summary>Generated traffic into the log at a steady rate, counted on the side: what the cluster's totals have to be.</summary>
/// <param name="log">Where it goes.</param>
/// <param name="rate">Events per second.</param>
/// <param name="before">Traffic that this one goes on with: the same shoppers, counted together.</param>
internal sealed class ClusterTraffic(IEventLog log, double rate, ClusterTraffic? before = null)
{
    private const double TickSeconds = 0.05;

    private readonly ShopperSimulator _shoppers = before?._shoppers ?? new(SeededCatalogue.Generate(), new ShopperOptions { RunId = "cluster" });

    public PlainFold Fold { get; } = before?.Fold ?? new();

    /// <summary>Sends for so long; falls behind rather than send a burst that no shop would. Answers the events per second that it reached.</summary>
    public async Task<double> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var sent = 0L;
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(TickSeconds));
        while (await tick.WaitForNextTickAsync(cancellationToken) && TimeProvider.System.GetElapsedTime(started) is var elapsed && elapsed < duration)
        {
            var due = (long)(rate * elapsed.TotalSeconds) - sent;
            await SendAsync((int)Math.Min(due, rate), cancellationToken);
            sent += Math.Min(due, (long)rate);
        }

        return sent / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private async Task SendAsync(int events, CancellationToken cancellationToken)
    {
        var batch = new LogAppend[events];
        for (var i = 0; i < events; i++)
        {
            var shopEvent = _shoppers.Next(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            batch[i] = new LogAppend(shopEvent.UserId, ShopEventJson.ToUtf8(shopEvent));
            Fold.Add(shopEvent);
        }

        await log.AppendAsync(batch, cancellationToken);
    }
}
