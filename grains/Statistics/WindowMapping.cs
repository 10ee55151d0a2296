using Reco.Core.Windows;
using Reco.GrainInterfaces;

namespace Reco.Grains.Statistics;

/// <summary>A window as the contracts show it.</summary>
internal static class WindowMapping
{
    public static WindowStats Describe(WindowReading reading) => new()
    {
        Start = DateTimeOffset.FromUnixTimeMilliseconds(reading.StartMs),
        End = DateTimeOffset.FromUnixTimeMilliseconds(reading.EndMs),
        Counts = EventCounts.From(reading.Counts),
        Revenue = reading.Revenue,
        DistinctUsers = reading.DistinctUsers,
    };
}
