using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Hosting;
using Orleans.Local;
using Orleans.Runtime;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

public sealed class RegistryTests
{
    [Fact]
    public async Task Start_InterfaceOfAnAssemblyWithoutClass_NamesIt()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Lonely"), AssemblyBuilderAccess.Run);
        assembly.DefineDynamicModule("Lonely")
            .DefineType("ILonelyGrain", TypeAttributes.Public | TypeAttributes.Interface | TypeAttributes.Abstract, null, [typeof(IGrainWithStringKey)])
            .CreateType();
        await RefusedAsync(options => options.GrainAssemblies.Add(assembly), "ILonelyGrain");
    }

    [Fact]
    public Task Start_InterfaceWithTwoClasses_NamesAll() =>
        RefusedAsync(options => Add(options, typeof(OneTwinGrain), typeof(OtherTwinGrain)), nameof(ITwinGrain), nameof(OneTwinGrain), nameof(OtherTwinGrain));

    [Fact]
    public Task Start_ClassesOfOneName_NamesThem() =>
        RefusedAsync(options => Add(options, typeof(OneTwinGrain), typeof(Inner.OneTwinGrain)), typeof(OneTwinGrain).FullName!, typeof(Inner.OneTwinGrain).FullName!);

    [Theory]
    [InlineData(typeof(string))]
    [InlineData(typeof(ITwinGrain))]
    public Task Start_NamedClassThatIsNone_NamesIt(Type type) => RefusedAsync(options => Add(options, type), type.FullName!, "is no grain class");

    [Fact]
    public Task Start_MethodThatReturnsNoTask_NamesIt() => RefusedAsync(options => Add(options, typeof(PlainGrain)), $"{nameof(IPlainGrain)}.{nameof(IPlainGrain.Count)}");

    [Fact]
    public Task Start_StateWithoutAttribute_NamesTheParameter() => RefusedAsync(options => Add(options, typeof(ForgetfulGrain)), nameof(ForgetfulGrain), "'state'");

    [Fact]
    public async Task Call_OfAnInheritedInterfaceMethod_ReachesTheGrain()
    {
        await using var host = await TestHost.StartAsync(typeof(HeirGrain));
        var grain = host.Grains.GetGrain<IHeirGrain>("g");
        Assert.Equal("base", await grain.BaseAsync());
        Assert.Equal("own", await grain.OwnAsync());
        Assert.Equal("base", await host.Grains.GetGrain<IBaseGrain>("g").BaseAsync());
    }

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        var options = new LocalOrleansOptions();
        Assert.Equal(TimeSpan.FromSeconds(30), options.ResponseTimeout);
        Assert.Equal(TimeSpan.FromMinutes(15), options.CollectionAge);
        Assert.Equal(TimeSpan.FromMinutes(1), options.CollectionInterval);
        Assert.Equal(TimeSpan.FromSeconds(30), options.StopTimeout);
        Assert.Equal(64, options.MaxConcurrentDeactivations);
        Assert.Equal(10_000, options.MaxWaitingCallsPerActivation);
    }

    [Theory]
    [InlineData(nameof(LocalOrleansOptions.ResponseTimeout))]
    [InlineData(nameof(LocalOrleansOptions.CollectionAge))]
    [InlineData(nameof(LocalOrleansOptions.CollectionInterval))]
    [InlineData(nameof(LocalOrleansOptions.StopTimeout))]
    [InlineData(nameof(LocalOrleansOptions.MaxConcurrentDeactivations))]
    [InlineData(nameof(LocalOrleansOptions.MaxWaitingCallsPerActivation))]
    public async Task Options_OneFieldOutOfRange_IsNamedAtStart(string field)
    {
        var property = typeof(LocalOrleansOptions).GetProperty(field)!;
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(
            options => property.SetValue(options, property.PropertyType == typeof(int) ? 0 : TimeSpan.Zero), typeof(HeirGrain)));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddLocalOrleans_WithoutAClock_TakesTheSystems()
    {
        await using var host = await LocalGrainHost.StartAsync(services => services.AddLocalOrleans(o => o.GrainClasses.Add(typeof(HeirGrain))), TestContext.Current.CancellationToken);
        Assert.Same(TimeProvider.System, host.Services.GetRequiredService<TimeProvider>());
        Assert.Equal("own", await host.Grains.GetGrain<IHeirGrain>("g").OwnAsync().Within("call"));
    }

    private static void Add(LocalOrleansOptions options, params Type[] classes)
    {
        foreach (var type in classes)
        {
            options.GrainClasses.Add(type);
        }
    }

    private static async Task RefusedAsync(Action<LocalOrleansOptions> options, params string[] named)
    {
        var error = await Assert.ThrowsAsync<GrainConfigurationException>(() => TestHost.StartAsync(options));
        Assert.All(named, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    public static class Inner
    {
        public sealed class OneTwinGrain : Grain, IHeirGrain
        {
            public Task<string> BaseAsync() => Task.FromResult("inner");

            public Task<string> OwnAsync() => Task.FromResult("inner");
        }
    }
}

public interface ITwinGrain : IGrainWithStringKey;

public sealed class OneTwinGrain : Grain, ITwinGrain;

public sealed class OtherTwinGrain : Grain, ITwinGrain;

public interface IPlainGrain : IGrainWithStringKey
{
    int Count();
}

public sealed class PlainGrain : Grain, IPlainGrain
{
    public int Count() => 1;
}

public sealed class ForgetfulGrain(IPersistentState<Kept> state) : Grain, ITwinGrain
{
    public IPersistentState<Kept> Held => state;
}

public interface IBaseGrain : IGrainWithStringKey
{
    Task<string> BaseAsync();
}

/// <summary>Internal, as grain interfaces of one assembly may be.</summary>
internal interface IHeirGrain : IBaseGrain
{
    Task<string> OwnAsync();
}

internal sealed class HeirGrain : Grain, IHeirGrain
{
    public Task<string> BaseAsync() => Task.FromResult("base");

    public Task<string> OwnAsync() => Task.FromResult("own");
}
