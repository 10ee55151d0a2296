using Reco.GrainInterfaces;

namespace Reco.Silo.Ingest;

/// <summary>What the grains answer to the calls of one batch. Calls are announced by one caller, answers come from any thread.</summary>
internal sealed class BatchAnswers
{
    private TaskCompletionSource _all = NewCompletion();
    private int _open = 1; // One for the caller, who may announce more.
    private int _quarantined;
    private volatile bool _memoryLost;
    private Exception? _failure;

    /// <summary>Announces a call: one of <see cref="Take"/> and <see cref="Fail"/> follows.</summary>
    public void Expect() => Interlocked.Increment(ref _open);

    /// <summary>What a grain answered.</summary>
    public void Take(ApplyOutcome outcome)
    {
        if (outcome == ApplyOutcome.MemoryLost)
        {
            _memoryLost = true;
        }
        else if (outcome == ApplyOutcome.Quarantined)
        {
            Interlocked.Increment(ref _quarantined);
        }

        Close();
    }

    /// <summary>A call failed; <see cref="AllAsync"/> throws the first of them.</summary>
    public void Fail(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        Close();
    }

    /// <summary>
    /// Waits for all answers, and says how many came from grains whose stored state cannot be read. Throws the first failure, or
    /// <see cref="MemoryLostException"/>. Then this is as new.
    /// </summary>
    public async ValueTask<int> AllAsync()
    {
        Close();
        await _all.Task;
        var (failure, memoryLost, quarantined) = (_failure, _memoryLost, _quarantined);
        (_all, _open, _failure, _memoryLost, _quarantined) = (NewCompletion(), 1, null, false, 0);
        return failure is not null ? throw new GrainCallException(failure)
            : memoryLost ? throw new MemoryLostException()
            : quarantined;
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _all.SetResult();
        }
    }

    /// <summary>Whoever waits goes on elsewhere: the one who brings the last answer has other calls to make.</summary>
    private static TaskCompletionSource NewCompletion() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An activation died with events that were not yet durable; the partition must be replayed.</summary>
internal sealed class MemoryLostException() : Exception("an activation lost events that were not yet durable");

/// <summary>A grain call of a batch failed; whether it took effect is not known.</summary>
internal sealed class GrainCallException(Exception inner) : Exception($"a grain call failed: {inner.Message}", inner);
