using System.Runtime.ExceptionServices;
using Orleans.Local.Invocation;

namespace Orleans.Local;

/// <summary>
/// Runs requests, continuations and the host's own steps of one activation, one at a time in the order they came. It is the current
/// TaskScheduler of every turn, so an await in a grain comes back here and one with ConfigureAwait(false) does not.
/// </summary>
internal sealed class TurnScheduler(Activation owner) : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>Turns on one thread before others get their chance.</summary>
    private const int TurnsPerSlice = 128;

    private static readonly Action<object?> RunSlice = static scheduler => ((TurnScheduler)scheduler!).RunTurns();

    private readonly Lock _gate = new();
    private readonly Queue<object> _items = new();
    private bool _scheduled;
    private bool _closed;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>False when the activation takes no more requests: its successor, if any, is in the directory by then.</summary>
    public bool TryEnqueue(TurnRequest request)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            Enqueue(request);
            return true;
        }
    }

    /// <summary>Runs a step of the host between the turns.</summary>
    public void Post(Action step)
    {
        lock (_gate)
        {
            Enqueue(step);
        }
    }

    /// <summary>
    /// Takes no more requests and hands over those that have not begun. The hand-over runs under the lock, so that a caller who
    /// comes too late finds the successor with the earlier calls already in its queue.
    /// </summary>
    public void Close(Action<List<TurnRequest>> handOver)
    {
        lock (_gate)
        {
            _closed = true;
            var left = new List<TurnRequest>();
            for (var n = _items.Count; n > 0; n--)
            {
                var item = _items.Dequeue();
                if (item is TurnRequest request)
                {
                    left.Add(request);
                }
                else
                {
                    _items.Enqueue(item);
                }
            }

            handOver(left);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // A task, because only inside one is TaskScheduler.Current this scheduler.
        var slice = new Task(RunSlice, this, CancellationToken.None, TaskCreationOptions.DenyChildAttach);
        TurnContext.Current = owner;
        try
        {
            slice.RunSynchronously(this);
        }
        finally
        {
            TurnContext.Current = null;
        }

        if (slice.Exception is { InnerException: { } bug })
        {
            ExceptionDispatchInfo.Throw(bug);
        }

        TurnContext.TakeAnswer()?.Answer();
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            Enqueue(task);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && TurnContext.Current == owner && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _items.OfType<Task>()];
        }
    }

    private void Enqueue(object item)
    {
        _items.Enqueue(item);
        if (!_scheduled)
        {
            _scheduled = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    private void RunTurns()
    {
        for (var turns = 0; turns < TurnsPerSlice; turns++)
        {
            object? item;
            lock (_gate)
            {
                if (!_items.TryDequeue(out item))
                {
                    _scheduled = false;
                    return;
                }
            }

            TurnContext.AnswerElsewhere();
            switch (item)
            {
                case TurnRequest request:
                    owner.Receive(request);
                    break;
                case Task task:
                    TryExecuteTask(task);
                    break;
                case Action step:
                    step();
                    break;
            }
        }

        TurnContext.AnswerElsewhere();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
