using System.Collections.Concurrent;
using System.Text.Json;
using Orleans.Storage;

namespace Reco.Grains.Tests;

/// <summary>Grain state as bytes in memory, which outlives a host; writes of chosen grains fail or wait.</summary>
internal sealed class FaultyStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _states = new();

    /// <summary>Grains (by the text of their id) whose writes fail now.</summary>
    public Func<string, bool> FailsWrite { get; set; } = _ => false;

    /// <summary>What a write waits for first, by the text of the grain's id.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public int Writes { get; private set; }

    /// <summary>What is stored: grain id and the name of the state.</summary>
    public ICollection<string> Keys => _states.Keys;

    /// <summary>Puts garbage in the place of a grain's state.</summary>
    public void Poison(string idPart)
    {
        foreach (var key in _states.Keys.Where(key => key.Contains(idPart, StringComparison.Ordinal)))
        {
            _states[key] = JsonSerializer.SerializeToUtf8Bytes(new { Bytes = new byte[] { 200, 1, 2, 3 } });
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.RecordExists = _states.TryGetValue(Key(stateName, grainId), out var bytes);
        if (bytes is not null)
        {
            grainState.State = JsonSerializer.Deserialize<T>(bytes)!;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await BeforeWrite(grainId.ToString());
        if (FailsWrite(grainId.ToString()))
        {
            throw new IOException($"the disk of {grainId} is full");
        }

        Writes++;
        _states[Key(stateName, grainId)] = JsonSerializer.SerializeToUtf8Bytes(grainState.State);
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    private static string Key(string stateName, GrainId grainId) => $"{grainId}/{stateName}";
}
