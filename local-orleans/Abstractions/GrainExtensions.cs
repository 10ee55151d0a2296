using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain's or a reference's key.</summary>
public static class GrainExtensions
{
    /// <summary>The string key.</summary>
    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    /// <summary>The integer key.</summary>
    public static long GetPrimaryKeyLong(this IAddressable grain)
    {
        var id = grain.GetGrainId();
        return id.TryGetIntegerKey(out var key)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {id}");
    }

    /// <summary>The whole id.</summary>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase { GrainContext: { } context } => context.GrainId,
            _ => throw new ArgumentException($"{grain.GetType()} is neither an active grain nor a reference to one.", nameof(grain)),
        };
    }
}
