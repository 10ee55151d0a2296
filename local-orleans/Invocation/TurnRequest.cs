namespace Orleans.Local.Invocation;

/// <summary>Something that wants a turn of an activation: a call or a timer's callback.</summary>
internal abstract class TurnRequest(RequestFlags flags)
{
    /// <summary>Runs between the turns of anything.</summary>
    public bool AlwaysInterleave => (flags & RequestFlags.AlwaysInterleave) != 0;

    /// <summary>Runs between the turns of others like it.</summary>
    public bool ReadOnly => (flags & RequestFlags.ReadOnly) != 0;

    /// <summary>True when its running counts as use of the activation.</summary>
    public virtual bool IsUse => true;

    /// <summary>False when nobody waits for it any more, so that it need not run.</summary>
    public abstract bool IsWanted { get; }

    /// <summary>Calls the grain; the task is the whole of the work, awaits included.</summary>
    public abstract Task Invoke(object grain);

    /// <summary>A task of the right type that has failed.</summary>
    public abstract Task Failed(Exception exception);

    /// <summary>Called in the activation's turn when the work has completed.</summary>
    public abstract void Finish(Task outcome);
}

/// <summary>How a request goes with others. Emitted code passes the number.</summary>
[Flags]
internal enum RequestFlags
{
    None = 0,
    AlwaysInterleave = 1,
    ReadOnly = 2,
}
