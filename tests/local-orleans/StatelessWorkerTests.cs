using Orleans;
using Orleans.Concurrency;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class StatelessWorkerTests
{
    [Fact]
    public async Task Calls_AtOnce_RunOnAsManyActivationsAsAllowedAndNoMore()
    {
        await using var host = await TestHost.StartAsync(typeof(WorkerGrain));
        var grain = host.Grains.GetGrain<IWorkerGrain>(0);
        var calls = Enumerable.Range(0, 7).Select(i => grain.WorkAsync($"{i}")).ToArray();
        await Deadline.Until(() => host.Probe.Notes.Count(note => note.EndsWith("begins", StringComparison.Ordinal)) == 3, "three run");
        for (var i = 0; i < 7; i++)
        {
            host.Probe.Open($"{i}");
        }

        var workers = await Task.WhenAll(calls).Within("all");
        Assert.Equal(3, workers.Distinct().Count());
        Assert.Equal(3, MostAtOnce(host.Probe.Notes));
    }

    [Fact]
    public async Task Calls_OneAfterTheOther_UseTheOneThatIsFree()
    {
        await using var host = await TestHost.StartAsync(typeof(WorkerGrain));
        host.Probe.Open("x");
        var workers = new HashSet<int>();
        for (var i = 0; i < 20; i++)
        {
            workers.Add(await host.Grains.GetGrain<IWorkerGrain>(0).WorkAsync("x").Within("call"));
        }

        Assert.Single(workers);
    }

    [Fact]
    public async Task IdleWorkers_AreCollected()
    {
        await using var host = await TestHost.StartAsync(typeof(WorkerGrain));
        var grain = host.Grains.GetGrain<IWorkerGrain>(0);
        var calls = Enumerable.Range(0, 3).Select(i => grain.WorkAsync("x")).ToArray();
        host.Probe.Open("x");
        var before = await Task.WhenAll(calls).Within("calls");
        host.Clock.Advance(TimeSpan.FromMinutes(16));
        await Deadline.Until(() => host.Probe.Count("worker left") == 3, "collected");
        Assert.DoesNotContain(await grain.WorkAsync("x").Within("call"), before);
    }

    private static int MostAtOnce(string[] notes)
    {
        var (now, most) = (0, 0);
        foreach (var note in notes)
        {
            now += note.EndsWith("begins", StringComparison.Ordinal) ? 1 : note.EndsWith("ends", StringComparison.Ordinal) ? -1 : 0;
            most = Math.Max(most, now);
        }

        return most;
    }
}

public interface IWorkerGrain : IGrainWithIntegerKey
{
    Task<int> WorkAsync(string gate);
}

[StatelessWorker(3)]
public sealed class WorkerGrain(Probe probe) : Grain, IWorkerGrain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);

    public async Task<int> WorkAsync(string gate)
    {
        await probe.PassAsync(gate);
        return _instance;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note("worker left");
        return Task.CompletedTask;
    }
}
