using Reco.GrainInterfaces;
using Reco.Workload.Traffic;

namespace Reco.Silo.Generator;

/// <summary>Dates for events of the past: as many as wanted, ascending, as dense as the load curve at each moment.</summary>
internal static class Backfill
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Milliseconds since the Unix epoch, from <paramref name="start"/> up to <paramref name="end"/>, exclusive.</summary>
    public static IEnumerable<long> Times(LoadCurve curve, DateTimeOffset start, DateTimeOffset end, int events)
    {
        var steps = new List<(DateTimeOffset At, double Rate)>();
        for (var at = start; at < end; at += Step)
        {
            steps.Add((at, curve.RatePerSecond(at)));
        }

        var total = steps.Sum(step => step.Rate);
        var due = 0.0;
        var made = 0;
        foreach (var (at, rate) in steps)
        {
            due += events * rate / total;
            var count = Math.Min((int)Math.Round(due), events) - made;
            for (var i = 0; i < count; i++)
            {
                yield return (at + (Step * (i / (double)count))).ToUnixTimeMilliseconds();
            }

            made += count;
        }
    }

    /// <summary>The events of the past, in batches.</summary>
    public static IEnumerable<ShopEvent[]> Batches(ShopperSimulator shoppers, IEnumerable<long> times, int batchEvents) =>
        times.Select(shoppers.Next).Chunk(batchEvents);
}
