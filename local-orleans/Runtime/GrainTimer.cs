using Orleans.Local.Invocation;
using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>A timer of a grain. The clock's timer is set anew after each callback, so callbacks cannot overlap.</summary>
internal abstract class GrainTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Tick _tick;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ITimer _clock;
    private readonly Lock _gate = new();
    private TimeSpan _due;
    private TimeSpan _period;
    private bool _ticking;
    private bool _changed;

    protected GrainTimer(Activation activation, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _tick = new Tick(this, options.Interleave ? RequestFlags.AlwaysInterleave : RequestFlags.None, options.KeepAlive);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _clock = activation.Runtime.Clock.CreateTimer(
                static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Start(GrainTimerCreationOptions options) => Change(options.DueTime, options.Period);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime, nameof(dueTime));
        Validate(period, nameof(period));
        lock (_gate)
        {
            _due = dueTime;
            _period = period;
            _changed = true;
            if (!_ticking && !_stopped.IsCancellationRequested)
            {
                _clock.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _clock.Dispose();
        }

        try
        {
            _stopped.Cancel();
        }
        catch (AggregateException exception)
        {
            HostLog.TimerFailed(_activation.Runtime.Logger, exception, _activation.GrainId);
        }

        _activation.Forget(this);
    }

    protected abstract Task CallBackAsync(CancellationToken cancellationToken);

    private static void Validate(TimeSpan time, string name)
    {
        // The range of System.Threading.Timer.
        ArgumentOutOfRangeException.ThrowIfLessThan((long)time.TotalMilliseconds, -1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)time.TotalMilliseconds, 0xfffffffe, name);
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested || _ticking)
            {
                return;
            }

            _ticking = true;
            _changed = false;
        }

        // An activation that is gone has no turns left, and no timers either.
        _activation.TryEnqueue(_tick);
    }

    private void Ticked(Task outcome)
    {
        if (outcome.Exception is { InnerException: { } exception })
        {
            HostLog.TimerFailed(_activation.Runtime.Logger, exception, _activation.GrainId);
        }

        lock (_gate)
        {
            _ticking = false;
            if (!_stopped.IsCancellationRequested)
            {
                _clock.Change(_changed ? _due : _period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Tick(GrainTimer timer, RequestFlags flags, bool keepAlive) : TurnRequest(flags)
    {
        public override bool IsUse => keepAlive;

        public override bool IsWanted => !timer._stopped.IsCancellationRequested;

        public override Task Invoke(object grain) => timer.CallBackAsync(timer._stopped.Token);

        public override Task Failed(Exception exception) => Task.FromException(exception);

        public override void Finish(Task outcome) => timer.Ticked(outcome);
    }
}

/// <summary>A timer with its callback and state.</summary>
internal sealed class GrainTimer<TState>(
    Activation activation, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    : GrainTimer(activation, options)
{
    protected override Task CallBackAsync(CancellationToken cancellationToken) => callback(state, cancellationToken);
}
