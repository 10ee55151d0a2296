using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Silo.Partitions;

/// <summary>
/// Times at which all partitions of a silo may begin together, however long each was busy before: what they bring at one time can be handled
/// as one. The times of an interval include those of its multiples.
/// </summary>
/// <param name="phase">Between the common times of this silo and those of another, so that silos on one machine do not all begin together.</param>
/// <param name="time">The clock.</param>
internal sealed class CommonTimes(TimeSpan phase, TimeProvider time)
{
    /// <summary>With a phase that differs between processes.</summary>
    public static CommonTimes OfThisProcess(TimeProvider time) => new(
        TimeSpan.FromMilliseconds(StableHash.Bucket($"{Environment.MachineName}/{Environment.ProcessId}", 1_024)), time);

    /// <summary>Waits for the next of the times that are <paramref name="interval"/> apart; not at all when that is zero.</summary>
    public Task NextAsync(TimeSpan interval, CancellationToken cancellationToken) => interval == TimeSpan.Zero
        ? Task.CompletedTask
        : Task.Delay(interval - TimeSpan.FromTicks((time.GetUtcNow().Ticks + phase.Ticks) % interval.Ticks), time, cancellationToken);
}
