using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Metadata;
using Orleans.Serialization.TypeSystem;
using Reco.GrainInterfaces;
using Reco.Silo.Cluster;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>The names that are kept are Orleans' own: another would be another grain.</summary>
public sealed class KnownGrainInterfacesTests
{
    [Fact]
    public void Resolver_WithKnownInterfaces_GivesOrleansNames()
    {
        using var plain = Host(_ => { });
        using var known = Host(KnownGrainInterfaces.AddTo);
        Assert.IsType<KnownGrainInterfaces>(known.Services.GetServices<IGrainInterfaceTypeProvider>().First());
        var (theirs, ours) = (plain.Services.GetRequiredService<GrainInterfaceTypeResolver>(), known.Services.GetRequiredService<GrainInterfaceTypeResolver>());
        Type[] interfaces =
        [
            .. typeof(IUserGrain).Assembly.GetTypes().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain))),
            typeof(IManagementGrain),
        ];
        Assert.Contains(typeof(IProductGrain), interfaces);
        foreach (var type in interfaces)
        {
            Assert.Equal(theirs.GetGrainInterfaceType(type), ours.GetGrainInterfaceType(type));
            Assert.Equal(theirs.GetGrainInterfaceType(type), ours.GetGrainInterfaceType(type)); // From memory.
        }
    }

    [Fact]
    public void TryGetGrainInterfaceType_Generic_IsLeftToOrleans()
    {
        using var host = Host(KnownGrainInterfaces.AddTo);
        var known = new KnownGrainInterfaces(host.Services, host.Services.GetRequiredService<TypeConverter>());
        Assert.False(known.TryGetGrainInterfaceType(typeof(IEquatable<string>), out _));
    }

    private static IHost Host(Action<IServiceCollection> configure) => new HostBuilder()
        .UseOrleansClient(client =>
        {
            client.UseLocalhostClustering();
            configure(client.Services);
        })
        .Build();
}
