using Orleans;
using Orleans.Concurrency;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class InterleaveTests
{
    [Fact]
    public async Task AlwaysInterleave_WhileAnyCallAwaits_RunsAtOnce()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var write = grain.WriteAsync("write");
        await host.Probe.ReachedAsync("write");
        var one = grain.AnyAsync("one");
        await host.Probe.ReachedAsync("one");
        host.Probe.Open("two");
        await grain.AnyAsync("two").Within("between the other two");

        host.Probe.Open("one");
        host.Probe.Open("write");
        await Task.WhenAll(write, one).Within("all");
    }

    [Fact]
    public async Task Write_WhileAnAlwaysInterleaveAwaits_RunsAtOnce()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var any = grain.AnyAsync("any");
        await host.Probe.ReachedAsync("any");
        host.Probe.Open("write");
        await grain.WriteAsync("write").Within("write");
        host.Probe.Open("any");
        await any;
    }

    [Fact]
    public async Task ReadOnly_WhileAReadOnlyAwaits_RunsAtOnce()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var one = grain.ReadAsync("one");
        await host.Probe.ReachedAsync("one");
        host.Probe.Open("two");
        await grain.ReadAsync("two").Within("second reader");
        host.Probe.Open("one");
        await one;
    }

    [Fact]
    public async Task ReadOnly_WhileAWriteAwaits_Waits()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var write = grain.WriteAsync("write");
        await host.Probe.ReachedAsync("write");
        var read = grain.ReadAsync("read");
        await ReceivedAsync(grain);
        Assert.False(host.Probe.IsReached("read"));

        host.Probe.Open("write");
        await host.Probe.ReachedAsync("read");
        host.Probe.Open("read");
        await Task.WhenAll(write, read).Within("both");
    }

    [Fact]
    public async Task Write_WhileReadersAwait_WaitsForTheLastOfThem()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var one = grain.ReadAsync("one");
        var two = grain.ReadAsync("two");
        await host.Probe.ReachedAsync("two");
        var write = grain.WriteAsync("write");
        host.Probe.Open("one");
        await one.Within("first reader");
        await ReceivedAsync(grain);
        Assert.False(host.Probe.IsReached("write"));

        host.Probe.Open("two");
        host.Probe.Open("write");
        await Task.WhenAll(two, write).Within("rest");
    }

    [Fact]
    public async Task ReadOnly_BehindAWaitingWrite_DoesNotOvertakeIt()
    {
        await using var host = await TestHost.StartAsync(typeof(InterleaveGrain));
        var grain = host.Grains.GetGrain<IInterleaveGrain>("g");
        var one = grain.ReadAsync("one");
        await host.Probe.ReachedAsync("one");
        var write = grain.WriteAsync("write");
        var two = grain.ReadAsync("two");
        await ReceivedAsync(grain);
        Assert.False(host.Probe.IsReached("two"));

        host.Probe.Open("one");
        host.Probe.Open("write");
        host.Probe.Open("two");
        await Task.WhenAll(one, write, two).Within("all");
        Assert.Equal(
            ["one begins", "one ends", "write begins", "write ends", "two begins", "two ends"],
            host.Probe.Notes.Where(note => !note.StartsWith("ping", StringComparison.Ordinal)));
    }

    private static Task ReceivedAsync(IInterleaveGrain grain) => grain.PingAsync().Within("ping");
}

public interface IInterleaveGrain : IGrainWithStringKey
{
    Task WriteAsync(string gate);

    [ReadOnly]
    Task ReadAsync(string gate);

    [AlwaysInterleave]
    Task AnyAsync(string gate);

    [AlwaysInterleave]
    Task PingAsync();
}

public sealed class InterleaveGrain(Probe probe) : Grain, IInterleaveGrain
{
    public Task WriteAsync(string gate) => probe.PassAsync(gate);

    public Task ReadAsync(string gate) => probe.PassAsync(gate);

    public Task AnyAsync(string gate) => probe.PassAsync(gate);

    public Task PingAsync() => Task.CompletedTask;
}
