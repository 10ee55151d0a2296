namespace Orleans;

/// <summary>Makes references to grains. A reference costs nothing until it is called.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain with this integer key.</summary>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">Beginning of the full name that the grain class must have; null for any.</param>
    TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey;

    /// <summary>A reference to the grain with this string key.</summary>
    /// <param name="primaryKey">The key, not blank.</param>
    /// <param name="grainClassNamePrefix">Beginning of the full name that the grain class must have; null for any.</param>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;
}
