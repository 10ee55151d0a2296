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
        var steps = new List<(DateTimeOffset At, TimeSpan Length, double Load)>();
        for (var at = start; at < end; at += Step)
        {
            var length = end - at < Step ? end - at : Step;
            steps.Add((at, length, curve.RatePerSecond(at) * length.TotalSeconds));
        }

        var total = steps.Sum(step => step.Load);
        var due = 0.0;
        var made = 0;
        foreach (var (at, length, load) in steps)
        {
            due += events * load / total;
            var count = Math.Min((int)Math.Round(due), events) - made;
            for (var i = 0; i < count; i++)
            {
                yield return (at + (length * (i / (double)count))).ToUnixTimeMilliseconds();
            }

            made += count;
        }
    }

    /// <summary>The events of the past, in batches.</summary>
    public static IEnumerable<ShopEvent[]> Batches(ShopperSimulator shoppers, IEnumerable<long> times, int batchEvents) =>
        times.Select(shoppers.Next).Chunk(batchEvents);
}
