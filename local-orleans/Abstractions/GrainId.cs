using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Identifies a grain: type/key.</summary>
public readonly struct GrainId : IEquatable<GrainId>, IComparable<GrainId>
{
    /// <summary>Joins type and key.</summary>
    public GrainId(GrainType type, IdSpan key)
    {
        Type = type;
        Key = key;
    }

    /// <summary>Which class of grain.</summary>
    public GrainType Type { get; }

    /// <summary>Which one of the class.</summary>
    public IdSpan Key { get; }

    /// <summary>True for the value that names nothing.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <summary>Joins type and key.</summary>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    /// <summary>Joins type and key.</summary>
    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    /// <summary>Joins type and key.</summary>
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static GrainId Parse(string value) =>
        TryParse(value, out var result) ? result : throw new ArgumentException($"Unable to parse \"{value}\" as a grain id", nameof(value));

    /// <summary>Reads what <see cref="ToString"/> wrote; false when it is something else.</summary>
    public static bool TryParse(string? value, out GrainId result)
    {
        var slash = value?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0)
        {
            result = default;
            return false;
        }

        result = new GrainId(new GrainType(IdSpan.Create(value![..slash])), IdSpan.Create(value[(slash + 1)..]));
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Key);

    /// <inheritdoc/>
    public int CompareTo(GrainId other)
    {
        var byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";
}
