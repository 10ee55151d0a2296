using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Names a grain class: its name in lower case without the ending "Grain", as Orleans does.</summary>
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    /// <summary>Names by this text.</summary>
    public GrainType(IdSpan id) => Value = id;

    /// <summary>The name.</summary>
    public IdSpan Value { get; }

    /// <summary>True for the value that names nothing.</summary>
    public bool IsDefault => Value.IsDefault;

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);

    /// <summary>Names by this text.</summary>
    public static GrainType Create(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return new GrainType(IdSpan.Create(value));
    }

    /// <inheritdoc/>
    public bool Equals(GrainType obj) => Value.Equals(obj.Value);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GrainType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
