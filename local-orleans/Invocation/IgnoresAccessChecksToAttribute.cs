namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows this attribute by its name: emitted code may use what is internal to the named assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
