using Reco.GrainInterfaces;
using Reco.Workload.Http;

namespace Reco.Workload.Traffic.Sinks;

/// <summary>
/// Posts to a running system. Up to a batch goes in one request, more is spread over lanes by user, one request in flight in each,
/// so that a user's events arrive in order.
/// </summary>
public sealed class HttpEventSink(EventApi api, int lanes = 4) : IEventSink, IDisposable
{
    private readonly LaneWindow _one = new(1);
    private readonly LaneWindow _many = new(lanes);
    private long _rejected;

    /// <summary>Events that the server found invalid; 0 unless the two disagree about the rules or the clock.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>The first reason for a rejection.</summary>
    public string? FirstRejection { get; private set; }

    public async ValueTask SendAsync(IReadOnlyList<ShopEvent> events, CancellationToken cancellationToken)
    {
        var window = events.Count <= EventBatch.EventsMax ? _one : _many;
        window.Clear();
        foreach (var shopEvent in events)
        {
            window.Add(shopEvent);
            if (window.IsFull)
            {
                await PostAsync(window, cancellationToken);
            }
        }

        if (window.Count > 0)
        {
            await PostAsync(window, cancellationToken);
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _many.Dispose();
    }

    private async Task PostAsync(LaneWindow window, CancellationToken cancellationToken)
    {
        var result = await window.PostAsync(api, cancellationToken);
        Interlocked.Add(ref _rejected, result.Rejected.Count);
        FirstRejection ??= result.Rejected.Select(r => r.ToString()).FirstOrDefault();
        window.Clear();
    }
}
