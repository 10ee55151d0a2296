using Reco.Core.Hashing;
using Reco.GrainInterfaces;

namespace Reco.Workload.Http;

/// <summary>An event that the server refused, by its id.</summary>
internal sealed record RejectedEvent(string EventId, string Field, string Error)
{
    public override string ToString() => Field.Length == 0 ? $"{EventId}: {Error}" : $"{EventId}: {Field} {Error}";
}

/// <summary>What became of a window.</summary>
internal sealed record WindowResult(int Accepted, IReadOnlyList<RejectedEvent> Rejected);

/// <summary>
/// A bounded stretch of events in order, spread over lanes by user. Each lane is one request and all go at once; since the next
/// window waits for this one, a user's events are never in two requests in flight, and keep their order. For one thread.
/// </summary>
internal sealed class LaneWindow : IDisposable
{
    private readonly EventBatch[] _lanes;

    public LaneWindow(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        _lanes = new EventBatch[lanes];
        for (var i = 0; i < lanes; i++)
        {
            _lanes[i] = new EventBatch();
        }
    }

    /// <summary>Events in it.</summary>
    public int Count { get; private set; }

    /// <summary>One lane is full: post, clear, go on.</summary>
    public bool IsFull { get; private set; }

    public void Add(ShopEvent shopEvent)
    {
        var lane = _lanes[StableHash.Bucket(shopEvent.UserId, _lanes.Length)];
        lane.Add(shopEvent);
        Count++;
        IsFull |= lane.IsFull;
    }

    public async Task<WindowResult> PostAsync(EventApi api, CancellationToken cancellationToken)
    {
        var used = _lanes.Where(lane => lane.Count > 0).ToArray();
        var answers = await Task.WhenAll(used.Select(lane => api.PostEventsAsync(lane.Seal(), cancellationToken)));
        var rejected = new List<RejectedEvent>();
        for (var i = 0; i < used.Length; i++)
        {
            if (answers[i].Accepted + answers[i].Rejected.Count != used[i].Count)
            {
                throw new ApiRefusedException(
                    $"The server answered for {answers[i].Accepted} accepted and {answers[i].Rejected.Count} rejected events "
                    + $"of a request of {used[i].Count}.");
            }

            foreach (var one in answers[i].Rejected)
            {
                var id = one.Index >= 0 && one.Index < used[i].Count ? used[i].EventId(one.Index) : $"event {one.Index} of a request";
                rejected.Add(new RejectedEvent(id, one.Field, one.Error));
            }
        }

        return new WindowResult(answers.Sum(answer => answer.Accepted), rejected);
    }

    public void Clear()
    {
        foreach (var lane in _lanes)
        {
            lane.Clear();
        }

        Count = 0;
        IsFull = false;
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
        {
            lane.Dispose();
        }
    }
}
