using Reco.Core.Hashing;

namespace Reco.Workload.Http;

/// <summary>
/// When to try again: exponential backoff, the upper half of each wait jittered so that clients that failed together do not come
/// back together. What the server asks for (Retry-After) is the least it waits. Safe to use from any thread.
/// </summary>
public sealed class RetryDelays(RetryOptions options)
{
    private long _draws;

    /// <summary>The wait before the attempt after this one (1-based); null when it is time to give up.</summary>
    public TimeSpan? Next(int failedAttempt, TimeSpan elapsed, TimeSpan? retryAfter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failedAttempt, 1);
        var backoffMs = Math.Min(options.DelayMsMax, options.FirstDelayMs * Math.Pow(2, Math.Min(failedAttempt - 1, 30)));
        var draw = (StableHash.Combine(options.Seed, (ulong)Interlocked.Increment(ref _draws)) >> 11) * (1.0 / (1UL << 53));
        var delay = TimeSpan.FromMilliseconds(backoffMs * (0.5 + (draw / 2)));
        if (retryAfter > delay)
        {
            delay = retryAfter.Value;
        }

        return options.GiveUpAfter == Timeout.InfiniteTimeSpan || elapsed + delay <= options.GiveUpAfter ? delay : null;
    }
}
