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

    /// <summary>Millions of events in a few objects: the collector stops this process for each of them, and its reads wait meanwhile.</summary>
    private const int ChunkBytes = 4 << 20;

    private readonly ShopperSimulator _shoppers = before?._shoppers ?? new(SeededCatalogue.Generate(), new ShopperOptions { RunId = "cluster" });

    public PlainFold Fold { get; } = before?.Fold ?? new();

    /// <summary>The traffic of so long, dated from now on. It is made before it is sent, for a shop does not share its cores with its shoppers.</summary>
    public LogAppend[] Make(TimeSpan duration)
    {
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var events = new LogAppend[(int)(rate * duration.TotalSeconds)];
        var (users, chunk) = (new HashSet<string>(), Memory<byte>.Empty);
        for (var i = 0; i < events.Length; i++)
        {
            var shopEvent = _shoppers.Next(from + (long)(i * 1_000 / rate));
            if (!users.TryGetValue(shopEvent.UserId, out var userId))
            {
                users.Add(userId = shopEvent.UserId);
            }

            var json = ShopEventJson.ToUtf8(shopEvent);
            chunk = chunk.Length < json.Length ? new byte[ChunkBytes] : chunk;
            json.CopyTo(chunk);
            events[i] = new LogAppend(userId, chunk[..json.Length]);
            chunk = chunk[json.Length..];
            Fold.Add(shopEvent);
        }

        return events;
    }

    /// <summary>Sends all of it at the rate; falls behind rather than send a burst that no shop would. Answers the events per second that it reached.</summary>
    public async Task<double> SendAsync(LogAppend[] events, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var sent = 0;
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(TickSeconds));
        while (sent < events.Length && await tick.WaitForNextTickAsync(cancellationToken))
        {
            var due = (int)Math.Min(rate * TimeProvider.System.GetElapsedTime(started).TotalSeconds, events.Length);
            var next = Math.Min(due, sent + (int)rate);
            if (next > sent)
            {
                await log.AppendAsync(new ArraySegment<LogAppend>(events, sent, next - sent), cancellationToken);
                sent = next;
            }
        }

        return sent / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }
}
