using System.Collections.Concurrent;
using Orleans.Metadata;
using Orleans.Serialization.TypeSystem;

namespace Reco.Silo.Cluster;

/// <summary>
/// The names of the grain interfaces, kept once they are found. Orleans finds them by reflection at every <c>GetGrain</c>, which took a
/// fourteenth of a busy silo's time. Generic interfaces are left to Orleans, whose names depend on their arguments.
/// </summary>
internal sealed class KnownGrainInterfaces(IServiceProvider services, TypeConverter types) : IGrainInterfaceTypeProvider
{
    private readonly GrainInterfaceTypeResolver _resolver = new([new AttributeGrainInterfaceTypeProvider(services)], types);
    private readonly ConcurrentDictionary<Type, GrainInterfaceType> _names = new();

    /// <summary>Makes it the first that Orleans asks.</summary>
    public static void AddTo(IServiceCollection services) =>
        services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider, KnownGrainInterfaces>());

    public bool TryGetGrainInterfaceType(Type type, out GrainInterfaceType grainInterfaceType)
    {
        if (type.IsGenericType)
        {
            grainInterfaceType = default;
            return false;
        }

        grainInterfaceType = _names.GetOrAdd(type, static (type, resolver) => resolver.GetGrainInterfaceType(type), _resolver);
        return true;
    }
}
