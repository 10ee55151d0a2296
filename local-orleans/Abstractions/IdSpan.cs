using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The text of a grain's type or key. Orleans keeps UTF-8 bytes; one process has no use for them.</summary>
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _value;

    private IdSpan(string value) => _value = value;

    /// <summary>True for the value that names nothing.</summary>
    public bool IsDefault => _value is null;

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);

    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);

    /// <summary>Names by this text.</summary>
    public static IdSpan Create(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new IdSpan(id);
    }

    /// <inheritdoc/>
    public bool Equals(IdSpan other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is IdSpan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value is null ? 0 : StringComparer.Ordinal.GetHashCode(_value);

    /// <inheritdoc/>
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? string.Empty;
}
