using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Metadata;
using Orleans.Runtime.Placement;
using Reco.Grains.Products;
using Reco.Grains.Users;
using Reco.Silo.Cluster;

namespace Reco.EndToEnd.Tests.Cluster;

/// <summary>Where a user's grain is activated.</summary>
public sealed class UserPlacementTests
{
    private static readonly SiloAddress Here = Silo(1);
    private static readonly SiloAddress[] Two = [Silo(2), Here];
    private static readonly SiloAddress[] Four = [Silo(2), Silo(3), Here, Silo(4)];

    private readonly UserPlacementDirector _director = new(user => user.StartsWith("own", StringComparison.Ordinal));

    [Fact]
    public async Task OnAddActivation_UserOfAnOwnPartition_Stays()
    {
        Assert.Equal(Here, await PlaceAsync("own1", Two));
        Assert.Equal(Here, await PlaceAsync("own2", Four));
    }

    [Fact]
    public async Task OnAddActivation_UserOfAnother_GoesToOneOfTheOthersAlwaysTheSame()
    {
        Assert.Equal(Silo(2), await PlaceAsync("user", Two));
        var places = new Dictionary<SiloAddress, int>();
        for (var i = 0; i < 300; i++)
        {
            var place = await PlaceAsync($"user{i}", Four);
            Assert.Equal(place, await PlaceAsync($"user{i}", [.. Four.Reverse()]));
            places[place] = places.GetValueOrDefault(place) + 1;
        }

        Assert.DoesNotContain(Here, places.Keys);
        Assert.Equal(3, places.Count);
        Assert.All(places.Values, users => Assert.InRange(users, 60, 140));
    }

    [Fact]
    public async Task OnAddActivation_TheOnlySilo_TakesAll() => Assert.Equal(Here, await PlaceAsync("user", [Here]));

    [Theory]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    public async Task OnAddActivation_SiloThatStops_TakesNoMore(SiloStatus status) =>
        Assert.Equal(Silo(2), await PlaceAsync("own", Two, status));

    [Fact]
    public async Task OnAddActivation_SiloOfAnOlderReleaseOnly_GoesThere() => Assert.Equal(Silo(2), await PlaceAsync("own", [Silo(2)]));

    [Fact]
    public async Task OnAddActivation_Moved_GoesWhereItIsMoved()
    {
        var hint = new Dictionary<string, object> { [IPlacementDirector.PlacementHintKey] = Silo(3) };
        Assert.Equal(Silo(3), await PlaceAsync("own", Four, hint: hint));
        Assert.Equal(Here, await PlaceAsync("own", Two, hint: hint)); // That silo is gone.
    }

    [Fact]
    public void Resolver_UserGrain_AloneIsPlacedSo()
    {
        using var host = new HostBuilder()
            .UseOrleans(silo =>
            {
                silo.UseLocalhostClustering();
                silo.AddMemoryGrainStorage("grains");
                UserPlacement.AddTo(silo);
            })
            .Build();
        var types = host.Services.GetRequiredService<GrainTypeResolver>();
        var resolver = Assert.Single(host.Services.GetServices<IPlacementStrategyResolver>().OfType<UserPlacementResolver>());
        Assert.True(resolver.TryResolvePlacementStrategy(types.GetGrainType(typeof(UserGrain)), null, out var placement));
        Assert.IsType<UserPlacement>(placement);
        Assert.False(resolver.TryResolvePlacementStrategy(types.GetGrainType(typeof(ProductGrain)), null, out _));
    }

    private static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, 1);

    private Task<SiloAddress> PlaceAsync(
        string user, SiloAddress[] silos, SiloStatus status = SiloStatus.Active, Dictionary<string, object>? hint = null) =>
        _director.OnAddActivation(
            new UserPlacement(),
            new PlacementTarget(GrainId.Create("user", user), hint!, default, 0),
            new Context(silos, status));

    private sealed class Context(SiloAddress[] silos, SiloStatus status) : IPlacementContext
    {
        public SiloAddress LocalSilo => Here;

        public SiloStatus LocalSiloStatus => status;

        public SiloAddress[] GetCompatibleSilos(PlacementTarget target) => silos;

        public IReadOnlyDictionary<ushort, SiloAddress[]> GetCompatibleSilosWithVersions(PlacementTarget target) =>
            throw new NotSupportedException("no versions here");
    }
}
