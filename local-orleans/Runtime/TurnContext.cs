using Orleans.Local.Invocation;

namespace Orleans.Local;

/// <summary>What the current thread does for a grain. Empty on threads that run no turn, such as after Task.Run.</summary>
internal static class TurnContext
{
    [ThreadStatic]
    private static Activation? _current;

    [ThreadStatic]
    private static GrainCall? _finished;

    /// <summary>The activation whose turn this thread runs.</summary>
    public static Activation? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>
    /// Keeps an answer until the turn is over. The caller's code must not run inside the turn, and telling it from this thread
    /// once the activation is free saves a hop through the thread pool.
    /// </summary>
    public static void AnswerAfterTurn(GrainCall call)
    {
        AnswerElsewhere();
        _finished = call;
    }

    /// <summary>More turns follow on this thread: a kept answer goes out from another one, so as not to wait for them.</summary>
    public static void AnswerElsewhere()
    {
        if (_finished is { } call)
        {
            _finished = null;
            ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
        }
    }

    /// <summary>The kept answer, for the thread that has left its turns.</summary>
    public static GrainCall? TakeAnswer()
    {
        var call = _finished;
        _finished = null;
        return call;
    }
}
