using Reco.Core.Catalogue;
using Reco.Core.Ports;
using Reco.GrainInterfaces;
using Reco.Workload.Traffic;

namespace Reco.Bench.Ingest;

/// <summary>Puts an hour of generated traffic into a log, as fast as it takes it.</summary>
internal static class LogFiller
{
    private const int BatchEvents = 5000;

    /// <summary>Answers the bytes of the events, by partition.</summary>
    public static async Task<long[]> FillAsync(IEventLog log, int events, CancellationToken cancellationToken)
    {
        var bytes = new long[log.PartitionCount];
        var shoppers = new ShopperSimulator(SeededCatalogue.Generate(), new ShopperOptions { RunId = "bench" });
        var start = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
        var stepMs = TimeSpan.FromHours(1).TotalMilliseconds / events;
        for (var made = 0; made < events; made += BatchEvents)
        {
            var batch = new LogAppend[Math.Min(BatchEvents, events - made)];
            for (var i = 0; i < batch.Length; i++)
            {
                var shopEvent = shoppers.Next(start.ToUnixTimeMilliseconds() + (long)((made + i) * stepMs));
                batch[i] = new LogAppend(shopEvent.UserId, ShopEventJson.ToUtf8(shopEvent));
                bytes[Partitioner.PartitionOf(shopEvent.UserId, bytes.Length)] += batch[i].Value.Length;
            }

            await log.AppendAsync(batch, cancellationToken);
        }

        return bytes;
    }
}
