using Orleans.Core;

namespace Orleans.Runtime;

/// <summary>State that is read before OnActivateAsync and written when the grain says so; a constructor parameter.</summary>
public interface IPersistentState<TState> : IStorage<TState>;

/// <summary>Names the record and the storage of an <see cref="IPersistentState{TState}"/> parameter.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute : Attribute
{
    /// <summary>A record in the storage with this name, or in the default storage when it is null.</summary>
    public PersistentStateAttribute(string stateName, string? storageName = null)
    {
        ArgumentNullException.ThrowIfNull(stateName);
        StateName = stateName;
        StorageName = storageName;
    }

    /// <summary>The record's name, distinct within the grain.</summary>
    public string StateName { get; }

    /// <summary>The storage's name.</summary>
    public string? StorageName { get; }
}
