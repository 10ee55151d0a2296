using System.Collections.Concurrent;
using Reco.Core.Hashing;
using Reco.Silo.Tests.Ingest.Fakes;

namespace Reco.Silo.Tests.Ingest.Simulation;

/// <summary>
/// Decides what goes wrong. A decision is a hash of the seed, the place, and how often that place was asked: it does not depend on which
/// thread asks first, so a seed fails the same calls in every run.
/// </summary>
internal sealed class Chaos(int seed)
{
    private readonly ConcurrentDictionary<string, int> _asked = new();

    /// <summary>While false nothing goes wrong any more.</summary>
    public bool IsOn { get; set; } = true;

    public void Attach(IngestHarness harness)
    {
        // Some seeds are calm, some are storms: a storm alone would hardly ever let a checkpoint pass.
        var badness = Draw("badness") * Draw("badness") * 0.4;
        harness.Log.OnRead = partition => Log($"read/{partition}", badness * 0.3);
        harness.Log.OnCommit = partition => Log($"commit/{partition}", badness);
        harness.Log.LimitRead = wanted => IsOn && Draw("limit") < 0.5 ? 1 + (int)(Draw("limit") * wanted) : wanted;
        harness.DeadLetters.OnAppend = letter => Task.FromResult(Log($"letter/{letter.Offset}", badness));
        harness.Grains.OnApply = grain => Call($"apply/{grain}", badness, FaultsOfApply);
        harness.Grains.OnFlush = grain => Call($"flush/{grain}", badness * 0.5, FaultsOfFlush);
    }

    private static readonly CallFault[] FaultsOfApply =
        [CallFault.FailBefore, CallFault.FailAfter, CallFault.DieBefore, CallFault.DieBefore, CallFault.DieAfter, CallFault.TimeOut, CallFault.ThrowAtOnce];

    private static readonly CallFault[] FaultsOfFlush =
        [CallFault.FailBefore, CallFault.FailAfter, CallFault.DieBefore, CallFault.DieAfter, CallFault.TimeOut, CallFault.ThrowAtOnce];

    private Fault Log(string place, double chance)
    {
        var draw = IsOn ? Draw(place) : 1;
        return draw >= chance ? Fault.None : draw < chance / 2 ? Fault.Before : Fault.After;
    }

    private Task<CallFault> Call(string place, double chance, CallFault[] faults)
    {
        if (!IsOn)
        {
            return Task.FromResult(CallFault.None);
        }

        var fault = Draw(place) < chance ? faults[(int)(Draw(place) * faults.Length)] : CallFault.None;
        return Draw(place) < 0.3 && fault != CallFault.ThrowAtOnce ? SlowlyAsync(fault, (int)(Draw(place) * 8)) : Task.FromResult(fault);
    }

    private static async Task<CallFault> SlowlyAsync(CallFault fault, int turns)
    {
        for (var turn = 0; turn <= turns; turn++)
        {
            await Task.Yield();
        }

        return fault;
    }

    /// <summary>0 to 1, exclusive.</summary>
    private double Draw(string place)
    {
        var times = _asked.AddOrUpdate(place, 1, (_, asked) => asked + 1);
        return (StableHash.Mix(StableHash.Of($"{seed}/{place}/{times}")) >> 11) * (1.0 / (1UL << 53));
    }
}
