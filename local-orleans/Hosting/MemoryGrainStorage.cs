using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>
/// Keeps grain state in memory as JSON, so that what a grain reads is never the object that it wrote, and what JSON cannot keep is lost
/// here as in any storage. Checks tags as Orleans' memory storage does.
/// </summary>
public sealed class MemoryGrainStorage(JsonSerializerOptions? json = null) : IGrainStorage
{
    private readonly ConcurrentDictionary<(GrainId Grain, string State), Record> _records = new();
    private long _lastTag;

    /// <summary>Records held.</summary>
    public int Count => _records.Count;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((grainId, stateName), out var record))
        {
            grainState.State = JsonSerializer.Deserialize<T>(record.Json, json);
            grainState.ETag = record.Tag;
            grainState.RecordExists = true;
        }
        else
        {
            grainState.ETag = null;
            grainState.RecordExists = false;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var next = new Record(
            JsonSerializer.SerializeToUtf8Bytes(grainState.State, json),
            Interlocked.Increment(ref _lastTag).ToString(CultureInfo.InvariantCulture));
        _records.AddOrUpdate(
            (grainId, stateName),
            _ => grainState.ETag is null ? next : throw Inconsistent(stateName, grainId, null, grainState.ETag),
            (_, held) => held.Tag == grainState.ETag ? next : throw Inconsistent(stateName, grainId, held.Tag, grainState.ETag));
        grainState.ETag = next.Tag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((grainId, stateName), out var held)
            && (held.Tag != grainState.ETag || !_records.TryRemove(new((grainId, stateName), held))))
        {
            throw Inconsistent(stateName, grainId, held.Tag, grainState.ETag);
        }

        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static InconsistentStateException Inconsistent(string stateName, GrainId grainId, string? stored, string? current) =>
        new(
            $"State '{stateName}' of {grainId} was changed by another: stored tag {stored ?? "none"}, own tag {current ?? "none"}.",
            stored,
            current);

    private sealed record Record(byte[] Json, string Tag);
}
