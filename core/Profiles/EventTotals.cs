using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>Everything ever counted for one user or product. For one thread.</summary>
/// <remarks>The properties are the state as it is persisted; use <see cref="Add"/>.</remarks>
public sealed class EventTotals
{
    private const byte Version = 1;

    /// <summary>Events by kind.</summary>
    public long[] Counts { get; set; } = [];

    /// <summary>Money.</summary>
    public decimal Revenue { get; set; }

    /// <summary>Events that came too late for their window; they are in the other totals.</summary>
    public long Late { get; set; }

    /// <summary>Earliest event time, milliseconds since the Unix epoch; means nothing before the first event.</summary>
    public long FirstEventMs { get; set; }

    /// <summary>Latest event time, milliseconds since the Unix epoch; means nothing before the first event.</summary>
    public long LastEventMs { get; set; }

    /// <summary>Number of events.</summary>
    public long Events
    {
        get
        {
            var sum = 0L;
            foreach (var count in Counts)
            {
                sum += count;
            }

            return sum;
        }
    }

    /// <summary>Counts an event.</summary>
    /// <param name="kinds">How many kinds there are; may grow between runs, never shrink.</param>
    /// <param name="kind">Kind, 0 to <paramref name="kinds"/> - 1.</param>
    /// <param name="eventTimeMs">Event time, milliseconds since the Unix epoch.</param>
    /// <param name="revenue">Money it brought.</param>
    /// <param name="late">Whether it came too late for its window.</param>
    public void Add(int kinds, int kind, long eventTimeMs, decimal revenue, bool late)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)kind, (uint)kinds, nameof(kind));
        if (Counts.Length == 0)
        {
            (FirstEventMs, LastEventMs) = (eventTimeMs, eventTimeMs);
        }

        if (Counts.Length < kinds)
        {
            var grown = new long[kinds];
            Counts.CopyTo(grown, 0);
            Counts = grown;
        }

        Counts[kind]++;
        FirstEventMs = Math.Min(FirstEventMs, eventTimeMs);
        LastEventMs = Math.Max(LastEventMs, eventTimeMs);
        Late += late ? 1 : 0;
        if (revenue != 0m)
        {
            Revenue += revenue;
        }
    }

    /// <summary>The state in bytes.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version);
        WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not totals.</exception>
    public static EventTotals Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "event totals");
        var totals = ReadFrom(ref reader);
        reader.End();
        return totals;
    }

    internal void WriteTo(ref StateWriter writer)
    {
        writer.Count(Counts.Length);
        foreach (var count in Counts)
        {
            writer.Count(count);
        }

        writer.Decimal(Revenue);
        writer.Count(Late);
        writer.Signed(FirstEventMs);
        writer.Unsigned(unchecked((ulong)(LastEventMs - FirstEventMs)));
    }

    internal static EventTotals ReadFrom(ref StateReader reader)
    {
        var totals = new EventTotals { Counts = new long[reader.Count(WindowShape.KindsMax)] };
        foreach (ref var count in totals.Counts.AsSpan())
        {
            count = reader.Count();
        }

        totals.Revenue = reader.Decimal();
        totals.Late = reader.Count();
        totals.FirstEventMs = reader.Signed();
        totals.LastEventMs = unchecked(totals.FirstEventMs + (long)reader.Unsigned());
        return totals;
    }
}
