using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Hosting;
using Orleans.Local;
using Orleans.Runtime;
using Orleans.Storage;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class PersistenceTests
{
    [Fact]
    public async Task State_IsReadBeforeOnActivateAsync()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IKeepingGrain>("g");
        Assert.Equal((0, false), await grain.AtActivationAsync());
        await grain.AddAsync(5, write: true);
        await grain.LeaveAsync();
        Assert.Equal((5, true), await grain.AtActivationAsync().Within("next activation"));
    }

    [Fact]
    public async Task State_NotWritten_IsLostWithTheActivation()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IKeepingGrain>("g");
        await grain.AddAsync(5, write: true);
        await grain.AddAsync(7, write: false); // the same list object is changed: a storage that kept the reference would keep this too
        await grain.LeaveAsync();
        Assert.Equal(5, await grain.SumAsync().Within("next activation"));
    }

    [Fact]
    public async Task Clear_RemovesRecordAndResetsState()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IKeepingGrain>("g");
        await grain.AddAsync(5, write: true);
        Assert.Equal((0, false, null), await grain.ClearAsync());
        Assert.Equal(0, Storage(host).Count);
        await grain.AddAsync(6, write: true);
        Assert.Equal(6, await grain.SumAsync());
    }

    [Fact]
    public async Task TwoStates_OfOneGrain_AreTwoRecords()
    {
        await using var host = await StartAsync();
        await host.Grains.GetGrain<IKeepingGrain>("g").AddAsync(5, write: true);
        Assert.Equal(2, Storage(host).Count);
    }

    [Fact]
    public async Task Write_OverAnotherWrite_IsInconsistentAndEndsTheActivation()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IKeepingGrain>("g");
        await grain.AddAsync(5, write: true);
        var other = new GrainState<Kept>(new Kept { Values = [40] }, await grain.EtagAsync());
        await Storage(host).WriteStateAsync("one", GrainId.Create("keeping", "g"), other);

        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.AddAsync(7, write: true).Within("write"));
        Assert.Equal(other.ETag, error.StoredEtag);
        Assert.Equal(40, await grain.SumAsync().Within("next activation"));
    }

    [Fact]
    public async Task Writes_NotAwaitedOneByOne_RunOneAfterTheOther()
    {
        await using var host = await StartAsync();
        var grain = host.Grains.GetGrain<IKeepingGrain>("g");
        await grain.WriteTenTimesAtOnceAsync().Within("writes");
        await grain.LeaveAsync();
        Assert.Equal(10, await grain.SumAsync().Within("next activation"));
    }

    [Fact]
    public async Task State_OutsideOfATurn_IsRefused()
    {
        await using var host = await StartAsync();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.Grains.GetGrain<IKeepingGrain>("g").TouchOutsideAsync().Within("outside"));
        Assert.Contains("outside of the grain's turns", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailingStorage_FailsActivationWithItsReason()
    {
        await using var host = await TestHost.StartAsync(
            _ => { }, services => services.AddKeyedSingleton<IGrainStorage, BrokenStorage>("memory").AddMemoryGrainStorage("Default"), typeof(KeepingGrain));
        var error = await Assert.ThrowsAsync<OrleansException>(() => host.Grains.GetGrain<IKeepingGrain>("g").SumAsync().Within("call"));
        Assert.IsType<IOException>(error.InnerException);
        Assert.Contains("keeping/g", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MissingStorage_IsFoundAtStart()
    {
        var error = await Assert.ThrowsAsync<GrainConfigurationException>(() => TestHost.StartAsync(typeof(KeepingGrain)));
        Assert.Contains(nameof(KeepingGrain), error.Message, StringComparison.Ordinal);
        Assert.Contains("AddMemoryGrainStorage(\"memory\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MemoryStorage_WithAnOldOrForeignTag_ChangesNothing()
    {
        var storage = new MemoryGrainStorage();
        var id = GrainId.Create("type", "key");
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", id, new GrainState<Kept>(new Kept(), "7")));
        var first = new GrainState<Kept>(new Kept { Values = [1] });
        await storage.WriteStateAsync("s", id, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", id, new GrainState<Kept>(new Kept())));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("s", id, new GrainState<Kept>(new Kept(), "7")));

        var read = new GrainState<Kept>();
        await storage.ReadStateAsync("s", id, read);
        Assert.Equal([1], read.State!.Values);
        Assert.NotSame(first.State, read.State);
        Assert.Equal((first.ETag, true), (read.ETag, read.RecordExists));
    }

    private static Task<TestHost> StartAsync() =>
        TestHost.StartAsync(_ => { }, services => services.AddMemoryGrainStorage("memory").AddMemoryGrainStorage("Default"), typeof(KeepingGrain));

    private static MemoryGrainStorage Storage(TestHost host) =>
        (MemoryGrainStorage)host.Host.Services.GetRequiredKeyedService<IGrainStorage>("memory");

    private sealed class BrokenStorage : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new IOException("disk on fire");

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new IOException("disk on fire");

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new IOException("disk on fire");
    }
}

public sealed class Kept
{
    public List<int> Values { get; set; } = [];
}

public interface IKeepingGrain : IGrainWithStringKey
{
    Task<(int Sum, bool Existed)> AtActivationAsync();

    Task AddAsync(int value, bool write);

    Task<int> SumAsync();

    Task<string?> EtagAsync();

    Task<(int Sum, bool Exists, string? Etag)> ClearAsync();

    Task WriteTenTimesAtOnceAsync();

    Task TouchOutsideAsync();

    Task LeaveAsync();
}

public sealed class KeepingGrain(
    [PersistentState("one", "memory")] IPersistentState<Kept> one,
    Probe probe,
    [PersistentState("two", "memory")] IPersistentState<Kept> two,
    [PersistentState("three")] IPersistentState<Kept> three) : Grain, IKeepingGrain
{
    private (int Sum, bool Existed) _atActivation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _atActivation = (one.State.Values.Sum(), one.RecordExists);
        probe.Note("activated");
        return Task.CompletedTask;
    }

    public Task<(int Sum, bool Existed)> AtActivationAsync() => Task.FromResult(_atActivation);

    public async Task AddAsync(int value, bool write)
    {
        one.State.Values.Add(value);
        if (write)
        {
            await one.WriteStateAsync();
            await two.WriteStateAsync(CancellationToken.None);
            await three.WriteStateAsync();
        }
    }

    public Task<int> SumAsync() => Task.FromResult(one.State.Values.Sum());

    public Task<string?> EtagAsync() => Task.FromResult(one.Etag);

    public async Task<(int Sum, bool Exists, string? Etag)> ClearAsync()
    {
        await one.ClearStateAsync();
        await two.ClearStateAsync();
        return (one.State.Values.Sum(), one.RecordExists, ((IStorage)one).Etag);
    }

    public async Task WriteTenTimesAtOnceAsync()
    {
        var writes = new List<Task>();
        for (var i = 0; i < 10; i++)
        {
            one.State.Values.Add(1);
            writes.Add(one.WriteStateAsync());
        }

        await Task.WhenAll(writes);
    }

    public Task TouchOutsideAsync() => Task.Run(() => one.State.Values.Add(1));

    public Task LeaveAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
