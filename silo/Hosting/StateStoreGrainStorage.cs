using Orleans.Storage;
using Reco.Core.Ports;
using Reco.Grains.State;

namespace Reco.Silo.Hosting;

/// <summary>Grain state in the embedded state store: one value a grain, JSON.</summary>
internal sealed class StateStoreGrainStorage(IStateStore store) : IGrainStorage
{
    /// <summary>What the keys of grain states begin with.</summary>
    public const string Prefix = "grain/";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var bytes = await store.ReadAsync(KeyOf(stateName, grainId), CancellationToken.None);
        grainState.RecordExists = bytes is not null;
        if (bytes is null)
        {
            return;
        }

        grainState.State = StateJson.Read<T>(bytes, $"the stored state of {grainId}");
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.WriteAsync(
            KeyOf(stateName, grainId), StateJson.Write(grainState.State), CancellationToken.None);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.RemoveAsync(KeyOf(stateName, grainId), CancellationToken.None);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string KeyOf(string stateName, GrainId grainId) => $"{Prefix}{grainId}/{stateName}";
}
