using Orleans;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class CancellationTests
{
    [Fact]
    public async Task Token_OfTheCaller_IsTheTokenOfTheGrain()
    {
        await using var host = await TestHost.StartAsync(typeof(CancellableGrain));
        using var source = new CancellationTokenSource();
        Assert.Equal(source.Token, await host.Grains.GetGrain<ICancellableGrain>("g").EchoAsync(source.Token));
    }

    [Fact]
    public async Task Cancel_WhileTheCallRuns_EndsItAtTheCallerAndTellsTheGrain()
    {
        await using var host = await TestHost.StartAsync(typeof(CancellableGrain));
        using var source = new CancellationTokenSource();
        var call = host.Grains.GetGrain<ICancellableGrain>("g").WaitAsync("running", source.Token);
        await host.Probe.ReachedAsync("running");
        await source.CancelAsync();
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Within("cancelled"));
        Assert.Equal(source.Token, error.CancellationToken);
        await Deadline.Until(() => host.Probe.Count("running cancelled") == 1, "grain told");
        host.Probe.Open("running");
    }

    [Fact]
    public async Task Cancel_WhileTheCallWaits_KeepsItFromRunning()
    {
        await using var host = await TestHost.StartAsync(typeof(CancellableGrain));
        var grain = host.Grains.GetGrain<ICancellableGrain>("g");
        var running = grain.WaitAsync("running", CancellationToken.None);
        await host.Probe.ReachedAsync("running");
        using var source = new CancellationTokenSource();
        var waiting = grain.WaitAsync("waiting", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Within("cancelled"));
        host.Probe.Open("running");
        await running.Within("running");
        await grain.EchoAsync(CancellationToken.None).Within("later call");
        Assert.False(host.Probe.IsReached("waiting"));
    }

    [Fact]
    public async Task Call_WithACancelledToken_IsNotSent()
    {
        await using var host = await TestHost.StartAsync(typeof(CancellableGrain));
        var grain = host.Grains.GetGrain<ICancellableGrain>("g");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => grain.WaitAsync("never", new CancellationToken(canceled: true)).Within("cancelled"));
        await grain.EchoAsync(CancellationToken.None).Within("later call");
        Assert.False(host.Probe.IsReached("never"));
    }
}

public interface ICancellableGrain : IGrainWithStringKey
{
    Task<CancellationToken> EchoAsync(CancellationToken cancellationToken);

    Task WaitAsync(string gate, CancellationToken cancellationToken);
}

public sealed class CancellableGrain(Probe probe) : Grain, ICancellableGrain
{
    public Task<CancellationToken> EchoAsync(CancellationToken cancellationToken) => Task.FromResult(cancellationToken);

    public async Task WaitAsync(string gate, CancellationToken cancellationToken)
    {
        await using var told = cancellationToken.Register(() => probe.Note($"{gate} cancelled"));
        await probe.PassAsync(gate);
    }
}
