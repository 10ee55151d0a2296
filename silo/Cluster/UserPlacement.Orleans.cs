using Orleans.Metadata;
using Orleans.Runtime.Placement;
using Reco.Grains.Users;
using Reco.Silo.Ingest;
using StableHash = Reco.Core.Hashing.StableHash;

namespace Reco.Silo.Cluster;

/// <summary>
/// A user's grain is activated on the silo that reads the user's partition: its events need not go through another. Measured with two silos at a
/// peak: a tenth less work for both.
/// </summary>
[Serializable]
internal sealed class UserPlacement : PlacementStrategy
{
    public static void AddTo(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IPlacementStrategyResolver, UserPlacementResolver>();
        silo.Services.AddPlacementDirector<UserPlacement>(services => new UserPlacementDirector(services.GetRequiredService<IngestService>().Reads));
    }
}

/// <summary>Says so of the user grains, whose class knows nothing of clusters.</summary>
internal sealed class UserPlacementResolver(GrainTypeResolver types) : IPlacementStrategyResolver
{
    private readonly GrainType _users = types.GetGrainType(typeof(UserGrain));
    private readonly UserPlacement _placement = new();

    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, out PlacementStrategy result)
    {
        result = _placement;
        return grainType == _users;
    }
}

/// <summary>
/// Knows only what the silo that places reads itself: a user of its own partitions stays, another goes to one of the other silos. Of two that is
/// the one that reads; of more it may not be, which costs a hop and nothing else.
/// </summary>
/// <param name="readsHere">Whether this silo reads the user's partition.</param>
internal sealed class UserPlacementDirector(Func<string, bool> readsHere) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);

        // Orleans' rebalancer says with the call where it moves a grain to.
        return Task.FromResult(
            IPlacementDirector.GetPlacementHint(target.RequestContextData, silos)
            ?? Choose(target.GrainIdentity.Key.ToString()!, silos, context));
    }

    private SiloAddress Choose(string userId, SiloAddress[] silos, IPlacementContext context)
    {
        var canStay = context.LocalSiloStatus == SiloStatus.Active && silos.Contains(context.LocalSilo);
        if (canStay && readsHere(userId))
        {
            return context.LocalSilo;
        }

        SiloAddress[] others = [.. silos.Where(silo => !silo.Equals(context.LocalSilo)).Order()];
        return others.Length == 0 ? silos[0] : others[StableHash.Bucket(userId, others.Length)];
    }
}
