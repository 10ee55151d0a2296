using Reco.GrainInterfaces;

namespace Reco.Workload.Traffic.Sinks;

/// <summary>Where made events go.</summary>
public interface IEventSink
{
    /// <summary>
    /// Takes the events, keeping each user's order; completes when all are durable where they go. The list is reused after that.
    /// One call at a time.
    /// </summary>
    ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken);
}
