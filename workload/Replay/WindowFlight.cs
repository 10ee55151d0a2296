using Reco.Workload.Http;

namespace Reco.Workload.Replay;

/// <summary>A window that was answered whole.</summary>
internal sealed record Landed(long LastRow, WindowResult Result);

/// <summary>Two windows that take turns: one is filled while the other is in flight. For one thread.</summary>
internal sealed class WindowFlight(EventApi api, int lanes) : IDisposable
{
    private LaneWindow _flying = new(lanes);
    private Task<WindowResult>? _post;
    private long _lastRow;

    /// <summary>The window to add to.</summary>
    public LaneWindow Filling { get; private set; } = new(lanes);

    /// <summary>Sends the window that was filled; nothing may be in flight. Also an empty one: its rows are done too.</summary>
    public void TakeOff(long lastRow, CancellationToken cancellationToken)
    {
        if (_post is not null)
        {
            throw new InvalidOperationException("one window is in flight already");
        }

        (Filling, _flying) = (_flying, Filling);
        Filling.Clear();
        _lastRow = lastRow;
        _post = _flying.PostAsync(api, cancellationToken);
    }

    /// <summary>Waits for the window in flight; null when there is none.</summary>
    public async Task<Landed?> LandAsync()
    {
        if (_post is not { } post)
        {
            return null;
        }

        _post = null;
        return new Landed(_lastRow, await post);
    }

    public void Dispose()
    {
        Filling.Dispose();
        _flying.Dispose();
    }
}
