using Orleans;
using Orleans.Local;
using Orleans.Runtime;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class ActivationTests
{
    [Fact]
    public async Task FirstCalls_FromManyThreads_MakeOneActivation()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        using var start = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                return host.Grains.GetGrain<INamedGrain>("same").InstanceAsync();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()).ToArray();
        start.Set();

        var instances = await Task.WhenAll(threads).Within("first calls");

        Assert.Single(instances.Distinct());
        Assert.Equal(1, host.Probe.Count("made same"));
    }

    [Fact]
    public async Task GetGrain_DifferentKeys_DifferentActivations()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        var one = await host.Grains.GetGrain<INamedGrain>("one").InstanceAsync();
        var two = await host.Grains.GetGrain<INamedGrain>("two").InstanceAsync();
        Assert.NotEqual(one, two);
        Assert.Equal(one, await host.Grains.GetGrain<INamedGrain>("one").InstanceAsync());
    }

    [Fact]
    public async Task StringKey_IsWhatTheCallerGave()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        const string Key = "kø/ 8+'\"";
        Assert.Equal($"named/{Key}", await host.Grains.GetGrain<INamedGrain>(Key).IdAsync());
        Assert.Equal(Key, host.Grains.GetGrain<INamedGrain>(Key).GetPrimaryKeyString());
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(17, "11")]
    [InlineData(-1, "FFFFFFFFFFFFFFFF")]
    [InlineData(long.MaxValue, "7FFFFFFFFFFFFFFF")]
    [InlineData(long.MinValue, "8000000000000000")]
    public async Task IntegerKey_IsWhatTheCallerGaveAndHexInTheId(long key, string text)
    {
        await using var host = await TestHost.StartAsync(typeof(NumberedGrain));
        var grain = host.Grains.GetGrain<INumberedGrain>(key);
        Assert.Equal(key, await grain.KeyAsync());
        Assert.Equal(key, grain.GetPrimaryKeyLong());
        Assert.Equal(GrainId.Create("numbered", text), grain.GetGrainId());
    }

    [Fact]
    public async Task GetPrimaryKeyLong_OfAStringKey_SaysSo()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        var error = Assert.Throws<InvalidOperationException>(() => host.Grains.GetGrain<INamedGrain>("no number").GetPrimaryKeyLong());
        Assert.Contains("named/no number", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task GetGrain_BlankKey_IsRefused(string key)
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INamedGrain>(key));
    }

    [Fact]
    public async Task GetGrain_InterfaceWithoutClass_NamesTheInterface()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        var error = Assert.Throws<GrainConfigurationException>(() => host.Grains.GetGrain<INumberedGrain>(1));
        Assert.Contains(nameof(INumberedGrain), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetGrain_WithClassPrefix_TakesOnlyAClassThatBeginsSo()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        Assert.NotNull(host.Grains.GetGrain<INamedGrain>("x", "Reco.LocalOrleans.Tests.Named"));
        Assert.Throws<ArgumentException>(() => host.Grains.GetGrain<INamedGrain>("x", "Other"));
    }

    [Fact]
    public async Task References_ToOneGrain_AreEqual()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        var one = host.Grains.GetGrain<INamedGrain>("one");
        Assert.Equal(one, host.Grains.GetGrain<INamedGrain>("one"));
        Assert.Equal(one.GetHashCode(), host.Grains.GetGrain<INamedGrain>("one").GetHashCode());
        Assert.NotEqual(one, host.Grains.GetGrain<INamedGrain>("two"));
    }

    [Fact]
    public async Task Arguments_AreTheSameObjects()
    {
        await using var host = await TestHost.StartAsync(typeof(NamedGrain));
        var given = new object();
        Assert.Same(given, await host.Grains.GetGrain<INamedGrain>("x").EchoAsync(given, 1, 2, 3, 4, "5"));
    }

    [Fact]
    public void Constructor_OutsideOfAHost_LeavesNoContextAndSaysSoWhenUsed()
    {
        var grain = new NamedGrain(new Probe());
        Assert.Null(grain.GrainContext);
        Assert.Throws<InvalidOperationException>(grain.LeaveAtOnce);
    }
}

public interface INamedGrain : IGrainWithStringKey
{
    Task<int> InstanceAsync();

    Task<string> IdAsync();

    Task<object> EchoAsync(object value, byte a, long b, double c, decimal d, string e);
}

public sealed class NamedGrain : Grain, INamedGrain
{
    private static int _instances;
    private readonly int _instance = Interlocked.Increment(ref _instances);

    public NamedGrain(Probe probe)
    {
        if (GrainContext is not null)
        {
            probe.Note($"made {this.GetPrimaryKeyString()}");
        }
    }

    public Task<int> InstanceAsync() => Task.FromResult(_instance);

    public Task<string> IdAsync() => Task.FromResult(IdentityString);

    public Task<object> EchoAsync(object value, byte a, long b, double c, decimal d, string e) =>
        a == 1 && b == 2 && c == 3 && d == 4 && e == "5" ? Task.FromResult(value) : throw new ArgumentException("arguments were mixed up", nameof(a));

    public void LeaveAtOnce() => DeactivateOnIdle();
}

public interface INumberedGrain : IGrainWithIntegerKey
{
    Task<long> KeyAsync();
}

public sealed class NumberedGrain : Grain, INumberedGrain
{
    public Task<long> KeyAsync() => Task.FromResult(this.GetPrimaryKeyLong());
}
