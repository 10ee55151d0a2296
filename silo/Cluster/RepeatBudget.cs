using Microsoft.Extensions.Options;

namespace Reco.Silo.Cluster;

/// <summary>
/// A bucket of repeats: every call adds a share of one, every repeat takes one. So repeats stay a share of all calls however many fail,
/// and a cluster in trouble is not given a multiple of its work. Safe to use from any thread.
/// </summary>
internal sealed class RepeatBudget(IOptions<ClusterOptions> options)
{
    /// <summary>What quiet hours may save up: the calls in flight when a silo dies.</summary>
    private const long RepeatsMax = 1_000;

    private const long Whole = 100;

    private long _hundredths = RepeatsMax * Whole;

    public void CountCall() => Change(options.Value.RepeatsPercent);

    /// <summary>False when there is none left.</summary>
    public bool TryTake() => Change(-Whole);

    private bool Change(long by)
    {
        var before = Volatile.Read(ref _hundredths);
        while (true)
        {
            var after = Math.Min(before + by, RepeatsMax * Whole);
            if (after < 0)
            {
                return false;
            }

            var found = Interlocked.CompareExchange(ref _hundredths, after, before);
            if (found == before)
            {
                return true;
            }

            before = found;
        }
    }
}
