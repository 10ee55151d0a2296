using Orleans.Runtime;

namespace Orleans.Local.Invocation;

/// <summary>A call on its way, from the caller's side. The emitted class of each method adds the arguments.</summary>
internal abstract class GrainCall(RequestFlags flags) : TurnRequest(flags), IThreadPoolWorkItem
{
    private CancellationTokenRegistration _cancellation;
    private Task? _outcome;
    private bool _refused;

    public sealed override bool IsWanted => !Volatile.Read(ref _refused);

    /// <summary>Interface and method, for messages.</summary>
    public abstract string Method { get; }

    /// <summary>The call's cancellation token argument, if it has one.</summary>
    public virtual CancellationToken Token => CancellationToken.None;

    /// <summary>When it was sent, a timestamp of the host's clock.</summary>
    public long SentAt { get; private set; }

    /// <summary>The table that it is in until it is answered, and its neighbours there.</summary>
    public InFlightCalls.Shard? Shard { get; set; }

    /// <summary>The next younger call of the same shard.</summary>
    public GrainCall? Younger { get; set; }

    /// <summary>The next older call of the same shard.</summary>
    public GrainCall? Older { get; set; }

    /// <summary>The host that it was sent through.</summary>
    protected LocalGrainRuntime Runtime { get; private set; } = null!;

    /// <summary>The grain that it was sent to.</summary>
    protected GrainId Target { get; private set; }

    /// <summary>Called once, before the call is enqueued.</summary>
    public void Send(LocalGrainRuntime runtime, GrainId target)
    {
        Runtime = runtime;
        Target = target;
        SentAt = runtime.Clock.GetTimestamp();
        runtime.InFlight.Add(this);
        if (Token is { CanBeCanceled: true } token)
        {
            _cancellation = token.UnsafeRegister(
                static (call, token) => ((GrainCall)call!).Refuse(new OperationCanceledException(token)), this);
        }
    }

    public sealed override void Finish(Task outcome)
    {
        Forget();
        _outcome = outcome;
        TurnContext.AnswerAfterTurn(this);
    }

    void IThreadPoolWorkItem.Execute() => Answer();

    /// <summary>Tells the caller what came of it; runs the caller's continuation on this thread, so never inside a turn.</summary>
    public void Answer()
    {
        var outcome = _outcome!;
        if (!TryAnswer(outcome) && outcome.Exception is { InnerException: { } exception })
        {
            HostLog.FailedAfterAnswer(Runtime.Logger, exception, Method, Target);
        }
    }

    /// <summary>Answers from the host instead of the grain, on a thread of the pool. What the grain says later is dropped.</summary>
    public void Refuse(Exception exception)
    {
        Volatile.Write(ref _refused, true);
        Forget();
        ThreadPool.UnsafeQueueUserWorkItem(
            static both => both.Call.TryAnswer(both.Call.Failed(both.Exception)),
            (Call: this, Exception: exception),
            preferLocal: false);
    }

    /// <summary>Answers that the time is up.</summary>
    public void TimeOut()
    {
        HostLog.CallTimedOut(Runtime.Logger, Method, Target, Runtime.Options.ResponseTimeout);
        Refuse(new TimeoutException(
            $"Response did not arrive on time in {Runtime.Options.ResponseTimeout} for message: {Method} to {Target}."));
    }

    protected abstract bool TryAnswer(Task outcome);

    private void Forget()
    {
        Runtime.InFlight.Remove(this);
        _cancellation.Unregister();
    }
}

/// <summary>A call that answers nothing but its end.</summary>
internal abstract class VoidGrainCall(RequestFlags flags) : GrainCall(flags)
{
    private readonly TaskCompletionSource _caller = new();

    public Task Result => _caller.Task;

    public sealed override Task Failed(Exception exception) => Task.FromException(exception);

    protected sealed override bool TryAnswer(Task outcome) => _caller.TrySetFromTask(outcome);
}

/// <summary>A call that answers a value.</summary>
internal abstract class GrainCall<TResult>(RequestFlags flags) : GrainCall(flags)
{
    private readonly TaskCompletionSource<TResult> _caller = new();

    public Task<TResult> Result => _caller.Task;

    public sealed override Task Failed(Exception exception) => Task.FromException<TResult>(exception);

    protected sealed override bool TryAnswer(Task outcome) => _caller.TrySetFromTask((Task<TResult>)outcome);
}
