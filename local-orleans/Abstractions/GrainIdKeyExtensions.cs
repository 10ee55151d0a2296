using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Integer keys as text: upper-case hexadecimal without leading zeros, two's complement, as Orleans writes them.</summary>
public static class GrainIdKeyExtensions
{
    /// <summary>The key's text.</summary>
    public static IdSpan CreateIntegerKey(long key) => IdSpan.Create(key.ToString("X", CultureInfo.InvariantCulture));

    /// <summary>Reads the key; false when the text is no integer key.</summary>
    public static bool TryGetIntegerKey(this GrainId grainId, out long key)
    {
        var text = grainId.Key.ToString();
        key = 0;
        return text.Length is > 0 and <= 16 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }

    /// <summary>Reads the key.</summary>
    public static long GetIntegerKey(this GrainId grainId) =>
        grainId.TryGetIntegerKey(out var key)
            ? key
            : throw new ArgumentException($"Value \"{grainId}\" is not in the correct format for an Integer key.", nameof(grainId));
}
