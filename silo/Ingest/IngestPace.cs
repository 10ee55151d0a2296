using Reco.Silo.Partitions;

namespace Reco.Silo.Ingest;

/// <summary>
/// When the partitions of a silo read: at common times, as far apart as keeps the handing over of events to a part of the time. While there is little
/// to do that is every millisecond or two. On full cores the interval grows, batches get fuller, what several partitions have for one product
/// comes together, and an event costs less; a request finds a core in between. And how many calls they make at a time: while that share of the time
/// suffices few, so that a request meets few of them.
/// </summary>
/// <param name="timeShareMax">Part of the time, above 0 and at most 1.</param>
/// <param name="intervalMax">The longest interval; zero: partitions read whenever they are ready.</param>
/// <param name="times">When partitions may begin together.</param>
internal sealed class IngestPace(double timeShareMax, TimeSpan intervalMax, CommonTimes times)
{
    /// <summary>Of the latest batch in the moving average: a change is felt after about so many.</summary>
    private const double Weight = 1.0 / 16;

    private readonly Lock _gate = new();
    private double _batchMs;
    private double _behind;

    /// <summary>Powers of two, in milliseconds: the times of a shorter interval include those of a longer one, so partitions meet while it changes.</summary>
    public TimeSpan Interval
    {
        get
        {
            var wantedMs = Math.Min(Volatile.Read(ref _batchMs) / timeShareMax, intervalMax.TotalMilliseconds);
            return wantedMs < 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1L << (int)Math.Log2(wantedMs));
        }
    }

    /// <summary>
    /// How many calls at a time: one for each core while the share of the time suffices, the most where there is a backlog, or where handing over
    /// takes longer than the longest interval.
    /// </summary>
    public int CallsOf(int cores, int perCoreMax)
    {
        var timeShare = intervalMax > TimeSpan.Zero ? Math.Min(Volatile.Read(ref _batchMs) / intervalMax.TotalMilliseconds, 1) : 1;
        var missing = timeShare > timeShareMax ? (timeShare - timeShareMax) / (1 - timeShareMax) : 0;
        var perCore = 1 + ((perCoreMax - 1) * Math.Max(missing, Volatile.Read(ref _behind)));

        // To the nearest: what a backlog leaves in its moving average long after is not one more call.
        return (int)Math.Round(cores * perCore);
    }

    /// <summary>A batch was handed over in this time; its partition did not wait for a common time if it is behind.</summary>
    public void Took(TimeSpan batch, bool isBehind)
    {
        lock (_gate)
        {
            Volatile.Write(ref _batchMs, _batchMs + ((batch.TotalMilliseconds - _batchMs) * Weight));
            Volatile.Write(ref _behind, _behind + (((isBehind ? 1 : 0) - _behind) * Weight));
        }
    }

    /// <summary>Waits for the next common time.</summary>
    public Task NextAsync(CancellationToken cancellationToken) => times.NextAsync(Interval, cancellationToken);
}
