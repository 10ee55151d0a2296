using System.Collections.Concurrent;
using Reco.GrainInterfaces;

namespace Reco.Silo.Tests.Ingest.Fakes;

/// <summary>What happens to a call of a grain.</summary>
internal enum CallFault
{
    None,

    /// <summary>Fails without effect.</summary>
    FailBefore,

    /// <summary>Takes effect, and then fails all the same.</summary>
    FailAfter,

    /// <summary>The activation dies first; the call meets a new one.</summary>
    DieBefore,

    /// <summary>The activation dies as soon as it has answered.</summary>
    DieAfter,

    /// <summary>The caller's patience ends; the call itself comes later, when <see cref="GrainModels.DeliverLate"/> says so.</summary>
    TimeOut,

    /// <summary>Throws before there is a task.</summary>
    ThrowAtOnce,
}

/// <summary>All grains, wherever they live: they outlast a silo that only calls them.</summary>
internal sealed class GrainModels
{
    private readonly ConcurrentDictionary<string, GrainModel> _grains = new();
    private readonly ConcurrentQueue<Action> _late = new();

    /// <summary>Asked before each Apply, with the grain's name.</summary>
    public Func<string, Task<CallFault>> OnApply { get; set; } = _ => Task.FromResult(CallFault.None);

    /// <summary>Asked before each Flush, with the grain's name.</summary>
    public Func<string, Task<CallFault>> OnFlush { get; set; } = _ => Task.FromResult(CallFault.None);

    /// <summary>Every call as it was made: name, and After or the expected offset.</summary>
    public ConcurrentQueue<(string Call, string Grain, long Offset)> Calls { get; } = new();

    public IEnumerable<string> Names => _grains.Keys.Order(StringComparer.Ordinal);

    public static string User(string id) => $"user/{id}";

    public static string Product(string id) => $"product/{id}";

    public GrainModel this[string name] => _grains.GetOrAdd(name, _ => new GrainModel());

    public void DieAll()
    {
        foreach (var grain in _grains.Values)
        {
            grain.Die();
        }
    }

    /// <summary>Calls whose callers have long given up reach their grains.</summary>
    public void DeliverLate()
    {
        while (_late.TryDequeue(out var call))
        {
            call();
        }
    }

    public Task<ApplyOutcome> ApplyAsync(string name, int partition, long after, TakenEvent[] events)
    {
        Calls.Enqueue(("Apply", name, after));
        return CallAsync(OnApply(name), name, () => this[name].Apply(partition, after, events));
    }

    public Task<bool> FlushAsync(string name, int partition, long expectedOffset)
    {
        Calls.Enqueue(("Flush", name, expectedOffset));
        return CallAsync(OnFlush(name), name, () => this[name].Flush(partition, expectedOffset));
    }

    /// <summary>A grain that keeps rows made from others: only whether its flush works matters to ingest.</summary>
    public Task FlushDerivedAsync(string name)
    {
        Calls.Enqueue(("Flush", name, 0));
        return CallAsync(OnFlush(name), name, () => true);
    }

    private Task<T> CallAsync<T>(Task<CallFault> decision, string name, Func<T> call) =>
        decision is { IsCompletedSuccessfully: true, Result: CallFault.ThrowAtOnce }
            ? throw new InvalidOperationException($"{name} cannot be called")
            : CarryOutAsync(decision, name, call);

    private async Task<T> CarryOutAsync<T>(Task<CallFault> decision, string name, Func<T> call)
    {
        var fault = await decision;
        switch (fault)
        {
            case CallFault.FailBefore:
                throw new InvalidOperationException($"{name} was made to fail");
            case CallFault.TimeOut:
                _late.Enqueue(() => call());
                throw new TimeoutException($"{name} did not answer in time");
            case CallFault.DieBefore:
                this[name].Die();
                break;
        }

        var answer = call();
        if (fault == CallFault.DieAfter)
        {
            this[name].Die();
        }

        return fault == CallFault.FailAfter ? throw new InvalidOperationException($"{name} was made to fail after its work") : answer;
    }
}
