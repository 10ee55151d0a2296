namespace Reco.Adapters.Embedded.Storage;

/// <summary>Wakes everybody who waits. Waiters take the task first, look whether they still have to wait, and then await it.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next pulse.</summary>
    public Task Next()
    {
        lock (_gate)
        {
            return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Pulse()
    {
        lock (_gate)
        {
            _next?.SetResult();
            _next = null;
        }
    }
}
