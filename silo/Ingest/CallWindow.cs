using Reco.GrainInterfaces;

namespace Reco.Silo.Ingest;

/// <summary>The grain calls of one batch. For one caller; the budget is shared with the other callers of the silo.</summary>
/// <param name="budget">Calls that may be under way at once: <see cref="IngestBudget.Calls"/>.</param>
internal sealed class CallWindow(SemaphoreSlim budget)
{
    private readonly List<Task<ApplyOutcome>> _calls = [];
    private Exception? _failure;

    /// <summary>Makes a call, as soon as the budget has room for it. Whatever goes wrong with it is for <see cref="DrainAsync"/>.</summary>
    public async ValueTask CallAsync<TState>(Func<TState, Task<ApplyOutcome>> call, TState state)
    {
        await budget.WaitAsync();
        _calls.Add(InBudgetAsync(call, state));
    }

    /// <summary>Takes a call that could not even be made: no more calls follow, <see cref="DrainAsync"/> throws it.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>
    /// Waits for all calls, and answers how many went to grains whose stored state cannot be read. Throws the first failure, or
    /// <see cref="MemoryLostException"/>. Then the window is empty and clean.
    /// </summary>
    public async ValueTask<int> DrainAsync()
    {
        var (memoryLost, quarantined) = (false, 0);
        foreach (var call in _calls)
        {
            try
            {
                var outcome = await call;
                memoryLost |= outcome == ApplyOutcome.MemoryLost;
                quarantined += outcome == ApplyOutcome.Quarantined ? 1 : 0;
            }
            catch (Exception failure)
            {
                // Not swallowed: thrown below, once no other call of the batch is under way any more.
                _failure ??= failure;
            }
        }

        _calls.Clear();
        var first = _failure;
        _failure = null;
        if (first is not null)
        {
            throw new GrainCallException(first);
        }

        if (memoryLost)
        {
            throw new MemoryLostException();
        }

        return quarantined;
    }

    private async Task<ApplyOutcome> InBudgetAsync<TState>(Func<TState, Task<ApplyOutcome>> call, TState state)
    {
        try
        {
            return await call(state);
        }
        finally
        {
            budget.Release();
        }
    }
}

/// <summary>An activation died with events that were not yet durable; the partition must be replayed.</summary>
internal sealed class MemoryLostException() : Exception("an activation lost events that were not yet durable");

/// <summary>A grain call of a batch failed; whether it took effect is not known.</summary>
internal sealed class GrainCallException(Exception inner) : Exception($"a grain call failed: {inner.Message}", inner);
