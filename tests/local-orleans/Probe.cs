using System.Collections.Concurrent;
using Reco.Testing;

namespace Reco.LocalOrleans.Tests;

/// <summary>Where grains of a test write down what happens to them, and gates that hold them until the test says so.</summary>
public sealed class Probe
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _reached = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _open = new();
    private readonly ConcurrentQueue<string> _notes = new();

    public string[] Notes => [.. _notes];

    public void Note(string what) => _notes.Enqueue(what);

    public int Count(string what) => _notes.Count(note => note == what);

    /// <summary>For a grain: tells that it is here and waits for <see cref="Open"/>.</summary>
    public async Task PassAsync(string gate)
    {
        Note($"{gate} begins");
        Of(_reached, gate).TrySetResult();
        await Of(_open, gate).Task;
        Note($"{gate} ends");
    }

    public void Open(string gate) => Of(_open, gate).TrySetResult();

    /// <summary>For the test: waits until a grain has come to the gate.</summary>
    public Task ReachedAsync(string gate) => Of(_reached, gate).Task.Within($"gate {gate} reached");

    public bool IsReached(string gate) => Of(_reached, gate).Task.IsCompleted;

    private static TaskCompletionSource Of(ConcurrentDictionary<string, TaskCompletionSource> all, string gate) =>
        all.GetOrAdd(gate, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
