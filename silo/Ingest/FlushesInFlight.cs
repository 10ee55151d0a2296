namespace Reco.Silo.Ingest;

/// <summary>
/// How many grains a checkpoint flushes at a time: few, so that a request between them waits for few, as long as that takes no more than half of the
/// interval. Storage that makes several writes durable at once, or is far away, needs more. For one checkpoint at a time.
/// </summary>
internal sealed class FlushesInFlight
{
    private readonly int _max;
    private readonly TimeSpan _interval;
    private readonly int _few;

    /// <param name="max">The most, at least 1.</param>
    /// <param name="interval">Between two checkpoints.</param>
    public FlushesInFlight(int max, TimeSpan interval)
    {
        (_max, _interval) = (max, interval);

        // Measured with full cores in a cluster: reads wait a third longer at the 99th of a hundred with 32 than with 4 on two cores.
        Now = _few = Math.Min(max, 2 * Environment.ProcessorCount);
    }

    public int Now { get; private set; }

    /// <summary>A checkpoint took this long with that many.</summary>
    public void Took(TimeSpan checkpoint)
    {
        if (checkpoint > _interval / 2)
        {
            Now = Math.Min(_max, Now * 2);
        }
        else if (checkpoint < _interval / 8)
        {
            // Far from where it doubles, so that it does not swing.
            Now = Math.Max(_few, Now / 2);
        }
    }
}
