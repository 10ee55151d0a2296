using Orleans;
using Orleans.Concurrency;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class TurnTests
{
    [Fact]
    public async Task Call_WhileAnotherAwaits_WaitsUntilItHasCompleted()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        var first = grain.PassAsync("first");
        await host.Probe.ReachedAsync("first");
        var second = grain.PassAsync("second");

        await grain.PingAsync().Within("ping"); // sent after the second call, so that has been received by now
        Assert.False(host.Probe.IsReached("second"));

        host.Probe.Open("first");
        host.Probe.Open("second");
        await Task.WhenAll(first, second).Within("both");
        Assert.Equal(["first begins", "first ends", "second begins", "second ends"], host.Probe.Notes);
    }

    [Fact]
    public async Task Calls_FromManyCallers_NeverRunAtTheSameTime()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 250; i++)
            {
                await grain.AddUnguardedAsync();
            }
        }))).Within("hammer");
        Assert.Equal((2000, 1), await grain.CountAsync());
    }

    [Fact]
    public async Task InterleavedCalls_AtAwaits_StillRunOneTurnAtATime()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(_ => Task.Run(grain.AddInterleavedAsync))).Within("hammer");
        Assert.Equal((2000, 1), await grain.CountAsync());
    }

    [Fact]
    public async Task Calls_FromOneCallerNotAwaited_RunInOrder()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(grain.AppendAsync)).Within("appends");
        Assert.Equal(Enumerable.Range(0, 1000), await grain.AppendedAsync());
    }

    [Fact]
    public async Task Await_InAGrain_ComesBackToItsScheduler()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var seen = await host.Grains.GetGrain<ITurnGrain>("g").SchedulersAsync();
        Assert.Equal(
            new Dictionary<string, bool>
            {
                ["start"] = true,
                ["after await"] = true,
                ["Task.Run"] = false,
                ["after Task.Run"] = true,
                ["StartNew"] = true,
                ["ContinueWith"] = true,
                ["after ConfigureAwait(false)"] = false,
            },
            seen);
    }

    [Fact]
    public async Task Continuation_OfTheCaller_RunsOutsideOfTheGrain()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        await Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await grain.CountAsync().ConfigureAwait(false);
                    Assert.Same(TaskScheduler.Default, TaskScheduler.Current);
                }
            },
            TestContext.Current.CancellationToken).Within("calls");
    }

    [Fact]
    public async Task CallerThatBlocksAfterAnAnswer_HoldsNeitherGrainNorOtherCallers()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        using var blocked = new ManualResetEventSlim();
        using var arrived = new SemaphoreSlim(0);
        var blocking = Task.Run(
            async () =>
            {
                await grain.PassAsync("gate").ConfigureAwait(false);
                arrived.Release();
                blocked.Wait();
            },
            CancellationToken.None);
        await host.Probe.ReachedAsync("gate");
        var next = grain.CountAsync();
        host.Probe.Open("gate");

        await arrived.WaitAsync(TestContext.Current.CancellationToken).Within("continuation of the first caller");
        await next.Within("call behind the first");
        await grain.CountAsync().Within("a later call");

        blocked.Set();
        await blocking.Within("blocked caller");
    }

    [Fact]
    public async Task AsyncLocal_SetByAMethodThatIsNotAsync_DoesNotReachTheNextCall()
    {
        await using var host = await TestHost.StartAsync(typeof(TurnGrain));
        var grain = host.Grains.GetGrain<ITurnGrain>("g");
        var blocker = grain.PassAsync("gate");
        await host.Probe.ReachedAsync("gate");
        var (one, two) = (grain.SwapLocalAsync("one"), grain.SwapLocalAsync("two"));
        host.Probe.Open("gate");
        await blocker;
        Assert.Null(await one);
        Assert.Null(await two);
    }
}

public interface ITurnGrain : IGrainWithStringKey
{
    Task PassAsync(string gate);

    [AlwaysInterleave]
    Task PingAsync();

    Task AddUnguardedAsync();

    [AlwaysInterleave]
    Task AddInterleavedAsync();

    Task<(int Count, int MostAtOnce)> CountAsync();

    Task AppendAsync(int value);

    Task<int[]> AppendedAsync();

    Task<Dictionary<string, bool>> SchedulersAsync();

    Task<string?> SwapLocalAsync(string value);
}

public sealed class TurnGrain(Probe probe) : Grain, ITurnGrain
{
    private static readonly AsyncLocal<string?> Local = new();
    private readonly List<int> _appended = [];
    private int _count;
    private int _now;
    private int _mostAtOnce;

    public Task PassAsync(string gate) => probe.PassAsync(gate);

    public Task PingAsync() => Task.CompletedTask;

    public async Task AddUnguardedAsync()
    {
        var before = _count;
        await Task.Yield();
        _count = before + 1; // loses an addition when another call comes between
        _mostAtOnce = 1;
    }

    public async Task AddInterleavedAsync()
    {
        OneTurn();
        await Task.Yield();
        OneTurn();
        _count++;
    }

    public Task<(int Count, int MostAtOnce)> CountAsync() => Task.FromResult((_count, _mostAtOnce));

    public Task AppendAsync(int value)
    {
        _appended.Add(value);
        return Task.CompletedTask;
    }

    public Task<int[]> AppendedAsync() => Task.FromResult(_appended.ToArray());

    public async Task<Dictionary<string, bool>> SchedulersAsync()
    {
        var own = TaskScheduler.Current;
        var seen = new Dictionary<string, bool> { ["start"] = own != TaskScheduler.Default };
        await Task.Yield();
        seen["after await"] = TaskScheduler.Current == own;
        seen["Task.Run"] = await Task.Run(() => TaskScheduler.Current == own);
        seen["after Task.Run"] = TaskScheduler.Current == own;
        seen["StartNew"] = await Task.Factory.StartNew(() => TaskScheduler.Current == own, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        seen["ContinueWith"] = await Task.Run(() => { }).ContinueWith(_ => TaskScheduler.Current == own, TaskScheduler.Current);
        await Task.Run(() => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        seen["after ConfigureAwait(false)"] = TaskScheduler.Current == own;
        return seen;
    }

    public Task<string?> SwapLocalAsync(string value)
    {
        var before = Local.Value;
        Local.Value = value;
        return Task.FromResult(before);
    }

    private void OneTurn()
    {
        _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _now));
        Thread.SpinWait(50);
        Interlocked.Decrement(ref _now);
    }
}
