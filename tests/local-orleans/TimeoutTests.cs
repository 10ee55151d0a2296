using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class TimeoutTests
{
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Call_UnansweredFor30Seconds_TimesOutAndItsTurnGoesOn()
    {
        await using var host = await TestHost.StartAsync(typeof(SlowGrain));
        var grain = host.Grains.GetGrain<ISlowGrain>("g");
        var slow = grain.PassAsync("slow");
        await host.Probe.ReachedAsync("slow");

        host.Clock.Advance(Default - TimeSpan.FromMilliseconds(1));
        await grain.PingAsync().Within("ping");
        Assert.False(slow.IsCompleted);

        host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var error = await Assert.ThrowsAsync<TimeoutException>(() => slow.Within("time-out"));
        Assert.Contains("ISlowGrain.PassAsync", error.Message, StringComparison.Ordinal);
        Assert.Contains("slow/g", error.Message, StringComparison.Ordinal);

        var next = grain.PassAsync("next");
        await grain.PingAsync().Within("ping");
        Assert.False(host.Probe.IsReached("next"));
        host.Probe.Open("slow");
        host.Probe.Open("next");
        await next.Within("next call");
        Assert.Contains("slow ends", host.Probe.Notes);
    }

    [Fact]
    public async Task Call_SentLater_TimesOutThatMuchLater()
    {
        await using var host = await TestHost.StartAsync(typeof(SlowGrain));
        var (one, two) = (host.Grains.GetGrain<ISlowGrain>("1"), host.Grains.GetGrain<ISlowGrain>("2"));
        var first = one.PassAsync("first");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        var second = two.PassAsync("second");

        host.Clock.Advance(TimeSpan.FromSeconds(20));
        await Assert.ThrowsAsync<TimeoutException>(() => first.Within("first"));
        await two.PingAsync().Within("ping");
        Assert.False(second.IsCompleted);

        host.Clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => second.Within("second"));
        host.Probe.Open("first");
        host.Probe.Open("second");
    }

    [Fact]
    public async Task Call_ThatTimedOutWhileWaiting_IsNotRun()
    {
        await using var host = await TestHost.StartAsync(typeof(SlowGrain));
        var grain = host.Grains.GetGrain<ISlowGrain>("g");
        var running = grain.PassAsync("running");
        await host.Probe.ReachedAsync("running");
        var waiting = grain.PassAsync("waiting");
        host.Clock.Advance(Default);
        await Assert.ThrowsAsync<TimeoutException>(() => running.Within("running"));
        await Assert.ThrowsAsync<TimeoutException>(() => waiting.Within("waiting"));

        host.Probe.Open("running");
        host.Probe.Open("after");
        await grain.PassAsync("after").Within("after");
        Assert.False(host.Probe.IsReached("waiting"));
    }

    [Fact]
    public async Task CallsInACircle_EndWithTimeoutsAndLeaveTheGrainsUsable()
    {
        await using var host = await TestHost.StartAsync(typeof(SlowGrain));
        var (a, b) = (host.Grains.GetGrain<ISlowGrain>("a"), host.Grains.GetGrain<ISlowGrain>("b"));
        var call = a.CallAroundAsync("b", "a");
        await host.Probe.ReachedAsync("b calls a");
        await a.PingAsync().Within("a has received b's call"); // the ping is behind it
        host.Clock.Advance(Default);

        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("circle"));
        host.Probe.Open("a after");
        host.Probe.Open("b after");
        await a.PassAsync("a after").Within("a");
        await b.PassAsync("b after").Within("b");
    }

    [Fact]
    public async Task FailureAfterATimeout_IsLogged()
    {
        await using var host = await TestHost.StartAsync(typeof(SlowGrain));
        var grain = host.Grains.GetGrain<ISlowGrain>("g");
        var call = grain.FailAfterAsync("gate");
        await host.Probe.ReachedAsync("gate");
        host.Clock.Advance(Default);
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("time-out"));
        host.Probe.Open("gate");
        await Deadline.Until(() => host.Warnings.Any(line => line.Contains("too late", StringComparison.Ordinal)), "late failure logged");
    }

    [Fact]
    public async Task Timeout_IsAnOption()
    {
        await using var host = await TestHost.StartAsync(options => options.ResponseTimeout = TimeSpan.FromSeconds(2), typeof(SlowGrain));
        var call = host.Grains.GetGrain<ISlowGrain>("g").PassAsync("slow");
        host.Clock.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => call.Within("time-out"));
        host.Probe.Open("slow");
    }

    [Fact]
    public async Task Call_BeyondTheWaitingLimit_IsRefused()
    {
        await using var host = await TestHost.StartAsync(options => options.MaxWaitingCallsPerActivation = 3, typeof(SlowGrain));
        var grain = host.Grains.GetGrain<ISlowGrain>("g");
        var running = grain.PassAsync("gate");
        await host.Probe.ReachedAsync("gate");
        Task[] waiting = [grain.PassAsync("gate"), grain.PassAsync("gate"), grain.PassAsync("gate")];
        var error = await Assert.ThrowsAsync<LimitExceededException>(() => grain.PassAsync("gate").Within("fourth"));
        Assert.Contains("slow/g", error.Message, StringComparison.Ordinal);
        host.Probe.Open("gate");
        await Task.WhenAll([running, .. waiting]).Within("the others");
    }
}

public interface ISlowGrain : IGrainWithStringKey
{
    Task PassAsync(string gate);

    Task FailAfterAsync(string gate);

    /// <summary>Calls the first of the rest of the circle with the others.</summary>
    Task CallAroundAsync(params string[] circle);

    [AlwaysInterleave]
    Task PingAsync();
}

public sealed class SlowGrain(Probe probe) : Grain, ISlowGrain
{
    public Task PassAsync(string gate) => probe.PassAsync(gate);

    public async Task FailAfterAsync(string gate)
    {
        await probe.PassAsync(gate);
        throw new InvalidDataException("too late");
    }

    public async Task CallAroundAsync(params string[] circle)
    {
        if (circle.Length > 0)
        {
            var call = GrainFactory.GetGrain<ISlowGrain>(circle[0]).CallAroundAsync(circle[1..]);
            var gate = $"{this.GetPrimaryKeyString()} calls {circle[0]}";
            probe.Open(gate);
            await probe.PassAsync(gate);
            await call;
        }
    }

    public Task PingAsync() => Task.CompletedTask;
}
