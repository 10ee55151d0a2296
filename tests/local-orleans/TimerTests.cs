using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Timer_FiresAtDueTimeAndThenEachPeriodAfterItsCallback()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = 2 * Second, Period = Second });
        host.Clock.Advance(2 * Second - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await grain.TicksAsync());
        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await TicksAsync(grain, 1);
        for (var i = 2; i <= 5; i++)
        {
            host.Clock.Advance(Second);
            await TicksAsync(grain, i);
        }
    }

    [Fact]
    public async Task Timer_WithInfinitePeriod_FiresOnce()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Timeout.InfiniteTimeSpan });
        host.Clock.Advance(Second);
        await TicksAsync(grain, 1);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await grain.TicksAsync());
    }

    [Fact]
    public async Task Timer_WhoseCallbackStillRuns_DoesNotFireAgain()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second, Interleave = true }, "tick");
        host.Clock.Advance(Second);
        await host.Probe.ReachedAsync("tick");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await grain.TicksAsync());
        host.Probe.Open("tick");
        await Deadline.Until(() => host.Probe.Count("tick ends") == 1, "first tick ended");
        await grain.PingAsync();
        host.Clock.Advance(Second);
        await TicksAsync(grain, 2);
    }

    [Fact]
    public async Task Timer_NotInterleaving_WaitsForACallAndMakesCallsWait()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second }, "tick");
        var call = grain.PassAsync("call");
        await host.Probe.ReachedAsync("call");
        host.Clock.Advance(Second);
        await grain.PingAsync().Within("ping");
        Assert.False(host.Probe.IsReached("tick"));

        host.Probe.Open("call");
        await call.Within("call");
        await host.Probe.ReachedAsync("tick");
        var next = grain.PassAsync("next");
        await grain.PingAsync().Within("ping");
        Assert.False(host.Probe.IsReached("next"));
        host.Probe.Open("tick");
        host.Probe.Open("next");
        await next.Within("next");
    }

    [Fact]
    public async Task Timer_Interleaving_FiresWhileACallAwaits()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second, Interleave = true }, "tick");
        var call = grain.PassAsync("call");
        await host.Probe.ReachedAsync("call");
        host.Clock.Advance(Second);
        await host.Probe.ReachedAsync("tick");
        host.Probe.Open("tick");
        host.Probe.Open("call");
        await call.Within("call");
    }

    [Fact]
    public async Task Timer_WhoseCallbackFails_IsLoggedAndGoesOn()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("fails");
        await grain.StartAsync(new() { DueTime = Second, Period = Second });
        host.Clock.Advance(Second);
        await TicksAsync(grain, 1);
        host.Clock.Advance(Second);
        await TicksAsync(grain, 2);
        Assert.Equal(2, host.Warnings.Count(line => line.Contains("tick failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Timer_OfADeactivatedGrain_FiresNoMore()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second });
        host.Clock.Advance(Second);
        await TicksAsync(grain, 1);
        await grain.LeaveAsync();
        await grain.PingAsync().Within("next activation");
        host.Clock.Advance(10 * Second);
        await grain.PingAsync().Within("ping");
        Assert.Equal(1, host.Probe.Count("tick g"));
        Assert.Equal(1, host.Probe.Count("token cancelled"));
    }

    [Fact]
    public async Task Timer_Disposed_FiresNoMore()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second });
        await grain.StopTimerAsync();
        host.Clock.Advance(10 * Second);
        Assert.Equal(0, await grain.TicksAsync());
    }

    [Fact]
    public async Task Timer_Changed_FollowsTheNewTimes()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = Second, Period = Second });
        await grain.ChangeTimerAsync(5 * Second, 2 * Second);
        host.Clock.Advance(4 * Second);
        Assert.Equal(0, await grain.TicksAsync());
        host.Clock.Advance(Second);
        await TicksAsync(grain, 1);
        host.Clock.Advance(Second);
        Assert.Equal(1, await grain.TicksAsync());
        host.Clock.Advance(Second);
        await TicksAsync(grain, 2);
    }

    [Fact]
    public async Task Timer_NotKeepingAlive_DoesNotStopCollection()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        await StartAndTickOnceAsync(host, keepAlive: false);
        await Deadline.Until(
            () =>
            {
                host.Clock.Advance(TimeSpan.FromMinutes(1));
                return host.Probe.Count("left g ActivationIdle") == 1;
            },
            "collected");
    }

    [Fact]
    public async Task Timer_KeepingAlive_CountsAsUse()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        await StartAndTickOnceAsync(host, keepAlive: true);
        host.Clock.Advance(TimeSpan.FromMinutes(6)); // 16 minutes after the call, 6 after the tick
        await host.Grains.GetGrain<ITimedGrain>("g").PingAsync().Within("ping");
        Assert.Equal(0, host.Probe.Count("left g ActivationIdle"));
    }

    [Fact]
    public async Task Timer_OutsideOfATurnOrWithBadTimes_IsRefused()
    {
        await using var host = await TestHost.StartAsync(typeof(TimedGrain));
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await Assert.ThrowsAsync<InvalidOperationException>(() => grain.StartOutsideAsync().Within("outside"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.StartAsync(new() { DueTime = -Second, Period = Second }).Within("due time"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.StartAsync(new() { DueTime = Second, Period = -Second }).Within("period"));
    }

    private static async Task StartAndTickOnceAsync(TestHost host, bool keepAlive)
    {
        var grain = host.Grains.GetGrain<ITimedGrain>("g");
        await grain.StartAsync(new() { DueTime = TimeSpan.FromMinutes(10), Period = Timeout.InfiniteTimeSpan, KeepAlive = keepAlive });
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        await Deadline.Until(() => host.Probe.Count("tick g") == 1, "tick");
    }

    private static Task TicksAsync(ITimedGrain grain, int wanted) => Deadline.Until(async () => await grain.TicksAsync() == wanted, $"{wanted} ticks");
}

public interface ITimedGrain : IGrainWithStringKey
{
    Task StartAsync(GrainTimerCreationOptions options, string? gate = null);

    Task StartOutsideAsync();

    Task StopTimerAsync();

    Task ChangeTimerAsync(TimeSpan dueTime, TimeSpan period);

    Task LeaveAsync();

    Task PassAsync(string gate);

    [AlwaysInterleave]
    Task<int> TicksAsync();

    [AlwaysInterleave]
    Task PingAsync();
}

public sealed class TimedGrain(Probe probe) : Grain, ITimedGrain
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task StartAsync(GrainTimerCreationOptions options, string? gate)
    {
        _timer = this.RegisterGrainTimer(TickAsync, gate, options);
        return Task.CompletedTask;
    }

    public Task StartOutsideAsync() => Task.Run(() => this.RegisterGrainTimer(() => Task.CompletedTask, new(TimeSpan.Zero, TimeSpan.Zero)));

    public Task StopTimerAsync()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task ChangeTimerAsync(TimeSpan dueTime, TimeSpan period)
    {
        _timer!.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note($"left {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        return Task.CompletedTask;
    }

    public Task PassAsync(string gate) => probe.PassAsync(gate);

    public Task<int> TicksAsync() => Task.FromResult(_ticks);

    public Task PingAsync() => Task.CompletedTask;

    private async Task TickAsync(string? gate, CancellationToken cancellationToken)
    {
        _ticks++;
        cancellationToken.Register(() => probe.Note("token cancelled"));
        probe.Note($"tick {this.GetPrimaryKeyString()}");
        if (gate is not null)
        {
            await probe.PassAsync(gate);
        }

        if (this.GetPrimaryKeyString() == "fails")
        {
            throw new InvalidDataException("tick failed");
        }
    }
}
