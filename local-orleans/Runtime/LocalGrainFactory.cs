using Orleans.Runtime;

namespace Orleans.Local;

/// <summary>Makes references of the emitted classes.</summary>
internal sealed class LocalGrainFactory(LocalGrainRuntime runtime) : IGrainFactory
{
    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        (TGrainInterface)(object)NewReference(
            typeof(TGrainInterface), GrainIdKeyExtensions.CreateIntegerKey(primaryKey).ToString(), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return (TGrainInterface)(object)NewReference(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);
    }

    private GrainReference NewReference(Type grainInterface, string key, string? classPrefix)
    {
        var entry = runtime.Registry.Find(grainInterface);
        if (classPrefix is not null && !entry.Class.Type.FullName!.StartsWith(classPrefix, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The class of {grainInterface} is {entry.Class.Type.FullName}, which does not begin with '{classPrefix}'.", nameof(classPrefix));
        }

        return entry.NewReference(entry.Class, key);
    }
}
