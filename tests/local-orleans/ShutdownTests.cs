using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using Orleans.Runtime;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task Call_BeforeTheStart_IsRefused()
    {
        var services = new ServiceCollection().AddSingleton<Probe>().AddLocalOrleans(o => o.GrainClasses.Add(typeof(PartingGrain)));
        await using var provider = services.BuildServiceProvider();
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => provider.GetRequiredService<IGrainFactory>().GetGrain<IPartingGrain>("g").PassAsync("x").Within("call"));
        Assert.Contains("before the grain host has started", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_DeactivatesEveryActivationWithItsReason()
    {
        await using var host = await TestHost.StartAsync(typeof(PartingGrain), typeof(LastingGrain));
        host.Probe.Open("x");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => host.Grains.GetGrain<IPartingGrain>($"{i}").PassAsync("x")));
        await host.Grains.GetGrain<ILastingGrain>("kept").InstanceAsync();
        await host.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(100, host.Probe.Notes.Count(note => note.StartsWith("left", StringComparison.Ordinal) && note.EndsWith("ShuttingDown", StringComparison.Ordinal)));
        Assert.Empty(host.Warnings);
    }

    [Fact]
    public async Task Stop_LetsAcceptedCallsEndAndRefusesNewOnes()
    {
        await using var host = await TestHost.StartAsync(typeof(PartingGrain));
        var grain = host.Grains.GetGrain<IPartingGrain>("g");
        var running = grain.PassAsync("running");
        await host.Probe.ReachedAsync("running");
        var waiting = grain.PassAsync("waiting");
        var stop = host.Host.StopAsync(TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.PassAsync("late").Within("late"));
        Assert.Contains("while the grain host stops", error.Message, StringComparison.Ordinal);
        host.Probe.Open("running");
        host.Probe.Open("waiting");
        await Task.WhenAll(running, waiting).Within("accepted calls");
        await stop.Within("stop");
        error = await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.PassAsync("later").Within("later"));
        Assert.Contains("after the grain host has stopped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_GrainThatCallsAnotherInItsFarewell_IsHeard()
    {
        await using var host = await TestHost.StartAsync(typeof(PartingGrain));
        host.Probe.Open("x");
        await host.Grains.GetGrain<IPartingGrain>("tells heir").PassAsync("x");
        await host.Host.StopAsync(TestContext.Current.CancellationToken).Within("stop");
        Assert.Equal(1, host.Probe.Count("heir heard"));
        Assert.Equal(1, host.Probe.Count("left heir ShuttingDown"));
    }

    [Fact]
    public async Task Stop_DeactivatesAtMostSoManyAtOnce()
    {
        await using var host = await TestHost.StartAsync(options => options.MaxConcurrentDeactivations = 3, typeof(PartingGrain));
        host.Probe.Open("x");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => host.Grains.GetGrain<IPartingGrain>($"slow {i}").PassAsync("x")));
        var stop = host.Host.StopAsync(TestContext.Current.CancellationToken);
        await Deadline.Until(() => host.Probe.Count("farewell begins") == 3, "three deactivate");
        host.Probe.Open("farewell");
        await stop.Within("stop");
        var (now, most) = (0, 0);
        foreach (var note in host.Probe.Notes)
        {
            now += note == "farewell begins" ? 1 : note == "farewell ends" ? -1 : 0;
            most = Math.Max(most, now);
        }

        Assert.Equal(3, most);
        Assert.Equal(10, host.Probe.Count("farewell ends"));
    }

    [Fact]
    public async Task Stop_AtItsDeadline_GivesUpSaysSoAndRefusesWhatIsInFlight()
    {
        await using var host = await TestHost.StartAsync(
            options =>
            {
                options.StopTimeout = TimeSpan.FromSeconds(5);
                options.ResponseTimeout = TimeSpan.FromHours(1);
            },
            typeof(PartingGrain));
        var grain = host.Grains.GetGrain<IPartingGrain>("g");
        var stuck = grain.PassAsync("stuck");
        await host.Probe.ReachedAsync("stuck");
        var stop = host.Host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(stop.IsCompleted);
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await stop.Within("stop");
        await Assert.ThrowsAsync<SiloUnavailableException>(() => stuck.Within("stuck call"));
        Assert.Contains(host.Warnings, line => line.Contains("1 activations that did not deactivate in time", StringComparison.Ordinal));
        host.Probe.Open("stuck");
    }

    [Fact]
    public async Task Stop_ByTheGenericHostsToken_GivesUpToo()
    {
        await using var host = await TestHost.StartAsync(typeof(PartingGrain));
        var stuck = host.Grains.GetGrain<IPartingGrain>("g").PassAsync("stuck");
        await host.Probe.ReachedAsync("stuck");
        using var impatient = new CancellationTokenSource();
        var stop = host.Host.Services.GetServices<IHostedService>().Single().StopAsync(impatient.Token);
        await impatient.CancelAsync();
        await stop.Within("stop");
        await Assert.ThrowsAsync<SiloUnavailableException>(() => stuck.Within("stuck call"));
        host.Probe.Open("stuck");
    }
}

public interface IPartingGrain : IGrainWithStringKey
{
    Task PassAsync(string gate);

    Task HearAsync();
}

public sealed class PartingGrain(Probe probe) : Grain, IPartingGrain
{
    public Task PassAsync(string gate) => probe.PassAsync(gate);

    public Task HearAsync()
    {
        probe.Note($"{this.GetPrimaryKeyString()} heard");
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (key.StartsWith("slow", StringComparison.Ordinal))
        {
            await probe.PassAsync("farewell");
        }

        if (key == "tells heir")
        {
            await GrainFactory.GetGrain<IPartingGrain>("heir").HearAsync();
        }

        probe.Note($"left {key} {reason.ReasonCode}");
    }
}
