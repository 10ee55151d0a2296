using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps grain state. Registered as a keyed service under the name that <see cref="PersistentStateAttribute"/> gives.</summary>
public interface IGrainStorage
{
    /// <summary>Fills value, tag and existence from the record; leaves the value as it is when there is none.</summary>
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Replaces the record and sets the new tag; <see cref="InconsistentStateException"/> when the tag is not the record's.</summary>
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    /// <summary>Removes the record; <see cref="InconsistentStateException"/> when the tag is not the record's.</summary>
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
}
