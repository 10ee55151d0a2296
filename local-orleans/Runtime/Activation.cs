using Orleans.Local.Invocation;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Local;

/// <summary>
/// One grain object and the rules by which requests get its turns. All fields but those marked otherwise are touched only inside turns,
/// so they need no lock.
/// </summary>
internal sealed partial class Activation : IGrainContext
{
    private readonly TurnScheduler _scheduler;
    private Queue<TurnRequest> _waiting = new();
    private bool _exclusiveRuns;
    private int _readersRun;
    private int _running;
    private long _lastUse;
    private int _load;

    public Activation(GrainClass grainClass, string key)
    {
        Class = grainClass;
        Key = key;
        _scheduler = new TurnScheduler(this);
        _lastUse = Runtime.Clock.GetTimestamp();
    }

    public GrainClass Class { get; }

    public string Key { get; }

    public GrainId GrainId => new(Class.GrainType, IdSpan.Create(Key));

    public LocalGrainRuntime Runtime => Class.Runtime;

    /// <summary>Requests sent here and not yet done. Read from any thread.</summary>
    public int Load => Volatile.Read(ref _load);

    /// <summary>Requests that stand in front of a new one. Read from any thread.</summary>
    public int Waiting => Load - Volatile.Read(ref _running);

    /// <summary>Time since the last call or keep-alive timer. Read from any thread.</summary>
    public TimeSpan IdleFor => Runtime.Clock.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>From any thread: false when the activation is gone and the directory must be asked again.</summary>
    public bool TryEnqueue(TurnRequest request)
    {
        Interlocked.Increment(ref _load);
        if (_scheduler.TryEnqueue(request))
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>In a turn: runs the request now, or keeps it until its time has come.</summary>
    public void Receive(TurnRequest request)
    {
        if (!request.IsWanted)
        {
            Leave();
        }
        else if (_phase == Phase.Active && _ending is null && MayRun(request))
        {
            Run(request);
        }
        else
        {
            _waiting.Enqueue(request);
            if (_phase == Phase.Fresh)
            {
                _phase = Phase.Activating;
                _lifecycle = ActivateAsync();
            }
        }
    }

    private bool MayRun(TurnRequest request)
    {
        if (request.AlwaysInterleave)
        {
            return true;
        }

        // A reader does not overtake a writer that waits: calls of one caller keep their order, and writers do not starve.
        return _waiting.Count == 0 && MayRunFirst(request);
    }

    private bool MayRunFirst(TurnRequest request) =>
        request.AlwaysInterleave || (!_exclusiveRuns && (_readersRun == 0 || request.ReadOnly));

    private void RunWaiting()
    {
        while (_phase == Phase.Active && _ending is null && _waiting.TryPeek(out var request) && MayRunFirst(request))
        {
            _waiting.Dequeue();
            if (request.IsWanted)
            {
                TurnContext.AnswerElsewhere();
                Run(request);
            }
            else
            {
                Leave();
            }
        }
    }

    private void Run(TurnRequest request)
    {
        Begin(request);
        var before = ExecutionContext.Capture();
        Task outcome;
        try
        {
            outcome = request.Invoke(GrainInstance!)
                ?? request.Failed(new InvalidOperationException($"A method of {Class.Type} returned null instead of a task."));
        }
        catch (Exception exception)
        {
            // Whatever a grain's method throws before its first await belongs to the caller.
            outcome = request.Failed(exception);
        }

        if (before is not null && ExecutionContext.Capture() != before)
        {
            // What a method that is not async leaves in AsyncLocals must not reach the next turn.
            ExecutionContext.Restore(before);
        }

        if (outcome.IsCompleted)
        {
            End(request, outcome);
            return;
        }

        _ = outcome.ContinueWith(
            static (outcome, both) => ((Running)both!).Complete(outcome),
            new Running(this, request),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            _scheduler);
    }

    private void Begin(TurnRequest request)
    {
        _running++;
        if (request.AlwaysInterleave)
        {
            return;
        }

        if (request.ReadOnly)
        {
            _readersRun++;
        }
        else
        {
            _exclusiveRuns = true;
        }
    }

    private void End(TurnRequest request, Task outcome)
    {
        _running--;
        if (!request.AlwaysInterleave)
        {
            if (request.ReadOnly)
            {
                _readersRun--;
            }
            else
            {
                _exclusiveRuns = false;
            }
        }

        if (request.IsUse)
        {
            Volatile.Write(ref _lastUse, Runtime.Clock.GetTimestamp());
        }

        if (outcome.Exception?.InnerException is InconsistentStateException { IsSourceActivation: true } inconsistent)
        {
            inconsistent.IsSourceActivation = false;
            EndWhenIdle(new DeactivationReason(
                DeactivationReasonCode.ApplicationError, inconsistent, "The state in memory is not the one in storage."));
        }

        Leave();
        request.Finish(outcome);
        DeactivateIfDue();
    }

    private void Leave() => Interlocked.Decrement(ref _load);

    private sealed class Running(Activation activation, TurnRequest request)
    {
        public void Complete(Task outcome)
        {
            activation.End(request, outcome);
            activation.RunWaiting();
        }
    }
}
