using System.Text.Json;
using Orleans.Storage;
using Reco.Core.Ports;

namespace Reco.Silo.Hosting;

/// <summary>Grain state in the embedded state store: one value a grain, JSON.</summary>
internal sealed class StateStoreGrainStorage(IStateStore store) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var bytes = await store.ReadAsync(KeyOf(stateName, grainId), CancellationToken.None);
        grainState.RecordExists = bytes is not null;
        if (bytes is null)
        {
            return;
        }

        try
        {
            grainState.State = JsonSerializer.Deserialize<T>(bytes)
                ?? throw new InvalidDataException($"the stored state of {grainId} is null");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"the stored state of {grainId} cannot be read: {broken.Message}", broken);
        }
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.WriteAsync(
            KeyOf(stateName, grainId), JsonSerializer.SerializeToUtf8Bytes(grainState.State), CancellationToken.None);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await store.RemoveAsync(KeyOf(stateName, grainId), CancellationToken.None);
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    }

    private static string KeyOf(string stateName, GrainId grainId) => $"grain/{grainId}/{stateName}";
}
