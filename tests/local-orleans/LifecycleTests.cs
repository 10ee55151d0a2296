using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task OnActivateAsync_Failing_FailsTheWaitingCallsAndTheNextTriesAgain()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("fails once");
        Task[] calls = [grain.CallAsync(), grain.CallAsync(), grain.CallAsync()];
        await host.Probe.ReachedAsync("activate fails once");
        host.Probe.Open("activate fails once");

        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<InvalidDataException>(() => call.Within("call"));
            Assert.Equal("not today", error.Message);
        }

        await grain.CallAsync().Within("next call");
        Assert.Equal(["made fails once", "disposed fails once", "made fails once"], host.Probe.Notes.Where(note => note.Contains("de ") || note.StartsWith("disposed", StringComparison.Ordinal)));
        Assert.Contains(host.Warnings, line => line.Contains("Activation of living/fails once failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Constructor_Failing_FailsTheCall()
    {
        await using var host = await TestHost.StartAsync(typeof(UnmakeableGrain));
        await Assert.ThrowsAsync<NotSupportedException>(() => host.Grains.GetGrain<IUnmakeableGrain>("g").CallAsync().Within("call"));
    }

    [Fact]
    public async Task DeactivateOnIdle_EndsAfterTheCallAndTheNextCallFindsAnother()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("g");
        var leaving = grain.LeaveAsync("gate");
        await host.Probe.ReachedAsync("gate");
        var next = grain.CallAsync();
        Assert.Equal(0, host.Probe.Count("left g ApplicationRequested"));
        host.Probe.Open("gate");
        await leaving.Within("leaving");
        Assert.Equal(2, await next.Within("next"));
        Assert.Equal(1, host.Probe.Count("left g ApplicationRequested"));
        Assert.Equal(1, host.Probe.Count("disposed g"));
    }

    [Fact]
    public async Task Calls_WhileTheActivationDeactivates_WaitAndRunOnTheNextInOrder()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("slow farewell");
        host.Probe.Open("leave");
        await grain.LeaveAsync("leave").Within("leaving");
        await host.Probe.ReachedAsync("deactivate slow farewell");

        var calls = Enumerable.Range(0, 20).Select(i => grain.AppendAsync(i)).ToArray();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        host.Probe.Open("deactivate slow farewell");
        var answers = await Task.WhenAll(calls).Within("calls");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => string.Join(' ', Enumerable.Range(0, i + 1))), answers);
        Assert.Equal(2, host.Probe.Count("made slow farewell"));
    }

    [Fact]
    public async Task OnDeactivateAsync_Failing_IsLoggedAndTheActivationEnds()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("fails at the end");
        host.Probe.Open("leave");
        await grain.LeaveAsync("leave").Within("leaving");
        Assert.Equal(2, await grain.CallAsync().Within("next"));
        Assert.Contains(host.Warnings, line => line.Contains("cannot say farewell", StringComparison.Ordinal));
    }

    [Fact]
    public async Task IdleActivation_AfterItsAge_IsCollectedNotBefore()
    {
        await using var host = await TestHost.StartAsync(typeof(LivingGrain), typeof(LastingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("g");
        var lasting = host.Grains.GetGrain<ILastingGrain>("g");
        await grain.CallAsync();
        var instance = await lasting.InstanceAsync();

        host.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1, await grain.CallAsync()); // use: the age counts from here
        host.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.Equal(1, await grain.CallAsync());
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        await Deadline.Until(() => host.Probe.Count("left g ActivationIdle") == 1, "collected");
        Assert.Equal(2, await grain.CallAsync().Within("next"));
        Assert.Equal(instance, await lasting.InstanceAsync());
    }

    [Fact]
    public async Task BusyActivation_OlderThanTheAge_IsNotCollected()
    {
        await using var host = await TestHost.StartAsync(options => options.ResponseTimeout = TimeSpan.FromHours(2), typeof(LivingGrain));
        var grain = host.Grains.GetGrain<ILivingGrain>("g");
        var busy = grain.PassAsync("busy");
        await host.Probe.ReachedAsync("busy");
        host.Clock.Advance(TimeSpan.FromHours(1));
        host.Probe.Open("busy");
        await busy.Within("busy");
        Assert.Equal(1, await grain.CallAsync());
    }

    [Fact]
    public async Task ScopedServices_LiveAsLongAsTheActivation()
    {
        await using var host = await TestHost.StartAsync(_ => { }, services => services.AddScoped<Scoped>(), typeof(ScopedGrain));
        var grain = host.Grains.GetGrain<IScopedGrain>("g");
        Assert.True(await grain.LeaveAsync());
        await Deadline.Until(() => host.Probe.Count("scope disposed") == 1, "scope disposed");
    }

    [Fact]
    public async Task RandomDeactivations_UnderLoad_LoseNoCallKeepOrderAndNeverOverlap()
    {
        await using var host = await TestHost.StartAsync(typeof(RestlessGrain));
        const int Callers = 8;
        const int Calls = 400;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var pending = new List<Task>();
            for (var i = 0; i < Calls; i++)
            {
                pending.Add(host.Grains.GetGrain<IRestlessGrain>($"{i % 3}").RecordAsync(caller, i, leave: random.Next(5) == 0));
                if (random.Next(10) == 0)
                {
                    await Task.WhenAll(pending);
                    pending.Clear();
                }
            }

            await Task.WhenAll(pending);
        }))).Within("load");

        Assert.DoesNotContain(host.Probe.Notes, note => note.StartsWith("overlap", StringComparison.Ordinal));
        var records = host.Probe.Notes.Select(note => note.Split(' ')).Select(parts => (Key: parts[0], Caller: parts[1], Number: int.Parse(parts[2], null))).ToArray();
        Assert.Equal(Callers * Calls, records.Distinct().Count());
        Assert.Equal(Callers * Calls, records.Length);
        Assert.All(records.GroupBy(record => (record.Key, record.Caller)), group => Assert.Equal(group.OrderBy(record => record.Number), group));
    }
}

public interface ILivingGrain : IGrainWithStringKey
{
    /// <summary>How many activations this grain has had.</summary>
    Task<int> CallAsync();

    Task PassAsync(string gate);

    Task LeaveAsync(string gate);

    Task<string> AppendAsync(int value);
}

public sealed class LivingGrain : Grain, ILivingGrain, IDisposable
{
    private readonly Probe _probe;
    private readonly string _key;
    private readonly List<int> _values = [];

    public LivingGrain(Probe probe)
    {
        _probe = probe;
        _key = this.GetPrimaryKeyString();
        probe.Note($"made {_key}");
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_key == "fails once" && _probe.Count($"made {_key}") == 1)
        {
            await _probe.PassAsync($"activate {_key}");
            throw new InvalidDataException("not today");
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_key == "slow farewell")
        {
            await _probe.PassAsync($"deactivate {_key}");
        }

        if (_key == "fails at the end")
        {
            throw new InvalidDataException("cannot say farewell");
        }

        _probe.Note($"left {_key} {reason.ReasonCode}");
    }

    public Task<int> CallAsync() => Task.FromResult(_probe.Count($"made {_key}"));

    public Task PassAsync(string gate) => _probe.PassAsync(gate);

    public Task LeaveAsync(string gate)
    {
        DeactivateOnIdle();
        return _probe.PassAsync(gate);
    }

    public Task<string> AppendAsync(int value)
    {
        _values.Add(value);
        return Task.FromResult(string.Join(' ', _values));
    }

    public void Dispose() => _probe.Note($"disposed {_key}");
}

public interface IUnmakeableGrain : IGrainWithStringKey
{
    Task CallAsync();
}

public sealed class UnmakeableGrain : Grain, IUnmakeableGrain
{
    public UnmakeableGrain() => throw new NotSupportedException("no such grain today");

    public Task CallAsync() => Task.CompletedTask;
}

public interface ILastingGrain : IGrainWithStringKey
{
    Task<int> InstanceAsync();
}

[KeepAlive]
public sealed class LastingGrain : Grain, ILastingGrain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);

    public Task<int> InstanceAsync() => Task.FromResult(_instance);
}

public sealed class Scoped(Probe probe) : IDisposable
{
    public void Dispose() => probe.Note("scope disposed");
}

public interface IScopedGrain : IGrainWithStringKey
{
    Task<bool> LeaveAsync();
}

public sealed class ScopedGrain(Scoped scoped) : Grain, IScopedGrain
{
    public Task<bool> LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(ReferenceEquals(ServiceProvider.GetRequiredService<Scoped>(), scoped));
    }
}

public interface IRestlessGrain : IGrainWithStringKey
{
    Task RecordAsync(int caller, int number, bool leave);
}

public sealed class RestlessGrain(Probe probe) : Grain, IRestlessGrain
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(Probe Probe, string Key), int> Active = new();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Active.AddOrUpdate((probe, this.GetPrimaryKeyString()), 1, (_, n) => n + 1) != 1)
        {
            probe.Note($"overlap of {this.GetPrimaryKeyString()}");
        }

        await Task.Yield();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Active.AddOrUpdate((probe, this.GetPrimaryKeyString()), 0, (_, n) => n - 1);
    }

    public async Task RecordAsync(int caller, int number, bool leave)
    {
        if (leave)
        {
            DeactivateOnIdle();
        }

        await Task.Yield();
        probe.Note($"{this.GetPrimaryKeyString()} {caller} {number}");
    }
}
