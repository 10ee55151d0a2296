namespace Reco.Silo.Ingest;

/// <summary>
/// How many grains a checkpoint flushes at a time: few, so that a request between them waits for few, as long as that takes no more than half of the
/// interval. Storage that makes several writes durable at once, or is far away, needs more. For one checkpoint at a time.
/// </summary>
/// <param name="max">The most, at least 1.</param>
/// <param name="interval">Between two checkpoints.</param>
internal sealed class FlushesInFlight(int max, TimeSpan interval)
{
    /// <summary>Measured with full cores in a cluster: reads wait a quarter longer at the 99th of a hundred with 32 than with 4 on two cores.</summary>
    private readonly int _few = Math.Min(max, 2 * Environment.ProcessorCount);

    private int? _now;

    public int Now => _now ?? _few;

    /// <summary>A checkpoint took this long with that many. Far from where it doubles, so that it does not swing.</summary>
    public void Took(TimeSpan checkpoint)
    {
        if (checkpoint > interval / 2)
        {
            _now = Math.Min(max, Now * 2);
        }
        else if (checkpoint < interval / 8)
        {
            _now = Math.Max(_few, Now / 2);
        }
    }
}
