using Reco.GrainInterfaces;

namespace Reco.Silo.Ingest;

/// <summary>Grain calls under way, bounded. For one caller.</summary>
internal sealed class CallWindow(int callsMax)
{
    private readonly Queue<Task<ApplyOutcome>> _calls = new(callsMax);
    private bool _memoryLost;
    private int _quarantined;
    private Exception? _failure;

    /// <summary>Takes a call that was just made; waits for the oldest one when the window is full.</summary>
    public async ValueTask AddAsync(Task<ApplyOutcome> call)
    {
        if (_calls.Count == callsMax)
        {
            await EndOldestAsync();
        }

        _calls.Enqueue(call);
    }

    /// <summary>Takes a call that could not even be made: no more calls follow, <see cref="DrainAsync"/> throws it.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>
    /// Waits for all calls, and answers how many went to grains whose stored state cannot be read. Throws the first failure, or
    /// <see cref="MemoryLostException"/>. Then the window is empty and clean.
    /// </summary>
    public async ValueTask<int> DrainAsync()
    {
        while (_calls.Count > 0)
        {
            await EndOldestAsync();
        }

        var (failure, memoryLost, quarantined) = (_failure, _memoryLost, _quarantined);
        (_failure, _memoryLost, _quarantined) = (null, false, 0);
        if (failure is not null)
        {
            throw new GrainCallException(failure);
        }

        if (memoryLost)
        {
            throw new MemoryLostException();
        }

        return quarantined;
    }

    private async ValueTask EndOldestAsync()
    {
        var call = _calls.Dequeue();
        try
        {
            var outcome = await call;
            _memoryLost |= outcome == ApplyOutcome.MemoryLost;
            _quarantined += outcome == ApplyOutcome.Quarantined ? 1 : 0;
        }
        catch (Exception failure)
        {
            // Not swallowed: DrainAsync throws it once no other call of the batch is under way any more.
            _failure ??= failure;
        }
    }
}

/// <summary>An activation died with events that were not yet durable; the partition must be replayed.</summary>
internal sealed class MemoryLostException() : Exception("an activation lost events that were not yet durable");

/// <summary>A grain call of a batch failed; whether it took effect is not known.</summary>
internal sealed class GrainCallException(Exception inner) : Exception($"a grain call failed: {inner.Message}", inner);
