namespace Orleans;

/// <summary>Marks a type that Orleans generates a serializer for. The local host passes references, so it only documents.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute;

/// <summary>The wire number of a member. Never reused, so that old and new silos understand each other.</summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter
    | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number.</summary>
    public uint Id { get; } = id;
}

/// <summary>The wire name of a type or method, kept when the C# name changes.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Method,
    AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}

/// <summary>Promises that a value does not change after it was handed over, so that it need not be copied.</summary>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field
    | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.ReturnValue,
    Inherited = false)]
public sealed class ImmutableAttribute : Attribute;
