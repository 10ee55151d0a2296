using Microsoft.Extensions.DependencyInjection;
using Orleans.Local.Invocation;
using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>Birth and end of an activation, and its timers.</summary>
internal sealed partial class Activation
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IPersistentRecord> _records = [];
    private readonly HashSet<GrainTimer> _timers = [];
    private Phase _phase;
    private DeactivationReason? _ending;
    private AsyncServiceScope? _scope;
    private Task? _lifecycle;

    private enum Phase
    {
        Fresh,
        Activating,
        Active,
        Deactivating,
        Gone,
    }

    public object? GrainInstance { get; private set; }

    public IServiceProvider ActivationServices => _scope?.ServiceProvider ?? Runtime.Services;

    public Task Deactivated => _deactivated.Task;

    /// <summary>What the activation does about its birth or end, for the debugger; its failures are handled inside.</summary>
    public Task? Lifecycle => _lifecycle;

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (TurnContext.Current == this)
        {
            EndWhenIdle(deactivationReason);
            DeactivateIfDue();
        }
        else
        {
            _scheduler.Post(() =>
            {
                EndWhenIdle(deactivationReason);
                DeactivateIfDue();
            });
        }
    }

    /// <summary>Deactivates unless a call has come since the collector looked.</summary>
    public void DeactivateIfIdle(TimeSpan age) =>
        _scheduler.Post(() =>
        {
            if (_phase == Phase.Active && Load == 0 && IdleFor >= age)
            {
                EndWhenIdle(new DeactivationReason(DeactivationReasonCode.ActivationIdle, $"No call for {age}."));
                DeactivateIfDue();
            }
        });

    public IGrainTimer RegisterTimer<TState>(
        Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        if (TurnContext.Current != this)
        {
            throw new InvalidOperationException(
                $"A timer of {GrainId} can only be made inside a turn of it, not after Task.Run or ConfigureAwait(false).");
        }

        var timer = new GrainTimer<TState>(this, callback, state, options);
        _timers.Add(timer);
        timer.Start(options);
        return timer;
    }

    /// <summary>From any thread: the timer needs no stopping any more.</summary>
    public void Forget(GrainTimer timer)
    {
        if (TurnContext.Current == this)
        {
            _timers.Remove(timer);
        }
        else
        {
            _scheduler.Post(() => _timers.Remove(timer));
        }
    }

    /// <summary>Called by the grain's constructor, through its parameters.</summary>
    public void Add(IPersistentRecord record) => _records.Add(record);

    private void EndWhenIdle(DeactivationReason reason)
    {
        if (_phase is not (Phase.Deactivating or Phase.Gone))
        {
            _ending ??= reason;
        }
    }

    private void DeactivateIfDue()
    {
        if (_ending is { } reason && _phase is Phase.Active or Phase.Fresh && _running == 0)
        {
            _lifecycle = DeactivateAsync(reason);
        }
    }

    private async Task ActivateAsync()
    {
        try
        {
            _scope = Runtime.Services.CreateAsyncScope();
            var grain = Class.Create(this);
            GrainInstance = grain;
            await Task.WhenAll(_records.Select(record => record.ReadAsync()));
            await grain.OnActivateAsync(Runtime.Stopping);
        }
        catch (Exception exception)
        {
            // Whatever it is, those who called hear of it, and the next call tries again.
            await AbandonAsync(exception);
            return;
        }

        _phase = Phase.Active;
        Runtime.Metrics.Activated();
        Volatile.Write(ref _lastUse, Runtime.Clock.GetTimestamp());
        if (_ending is not null)
        {
            DeactivateIfDue();
            return;
        }

        var waited = _waiting;
        _waiting = new Queue<TurnRequest>();
        foreach (var request in waited)
        {
            TurnContext.AnswerElsewhere();
            Receive(request);
        }
    }

    private async Task AbandonAsync(Exception exception)
    {
        HostLog.ActivationFailed(Runtime.Logger, exception, GrainId);
        Runtime.Metrics.ActivationFailed();
        StopTimers();
        await DisposeGrainAsync();
        _scheduler.Close(late =>
        {
            Class.Directory.Retire(this, []);
            foreach (var request in _waiting.Concat(late).Where(request => request.IsWanted))
            {
                Leave();
                request.Finish(request.Failed(exception));
            }

            _waiting.Clear();
        });
        _phase = Phase.Gone;
        _deactivated.TrySetResult();
    }

    private async Task DeactivateAsync(DeactivationReason reason)
    {
        _phase = Phase.Deactivating;
        TurnContext.AnswerElsewhere();
        StopTimers();
        if (GrainInstance is IGrainBase grain)
        {
            try
            {
                await grain.OnDeactivateAsync(reason, Runtime.StopNow).WaitAsync(Runtime.StopNow);
            }
            catch (Exception exception)
            {
                // The activation ends all the same, as in Orleans: what the grain could not save is lost, and said.
                HostLog.DeactivationFailed(Runtime.Logger, exception, GrainId, reason.ReasonCode);
            }

            Runtime.Metrics.Deactivated();
        }

        await DisposeGrainAsync();
        _scheduler.Close(late =>
        {
            Class.Directory.Retire(this, [.. _waiting.Concat(late).Where(request => request is GrainCall && request.IsWanted)]);
            _waiting.Clear();
        });
        _phase = Phase.Gone;
        _deactivated.TrySetResult();
    }

    private void StopTimers()
    {
        foreach (var timer in _timers.ToArray())
        {
            timer.Dispose();
        }

        _timers.Clear();
    }

    private async Task DisposeGrainAsync()
    {
        try
        {
            switch (GrainInstance)
            {
                case IAsyncDisposable asynchronous:
                    await asynchronous.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }

            if (_scope is { } scope)
            {
                await scope.DisposeAsync();
            }
        }
        catch (Exception exception)
        {
            HostLog.DisposeFailed(Runtime.Logger, exception, GrainId);
        }

        GrainInstance = null;
    }
}
