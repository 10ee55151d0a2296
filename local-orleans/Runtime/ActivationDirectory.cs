using System.Collections.Concurrent;
using Orleans.Local.Invocation;

namespace Orleans.Local;

/// <summary>The activations of one grain class, by key.</summary>
internal abstract class ActivationDirectory
{
    /// <summary>All activations, a snapshot.</summary>
    public abstract IEnumerable<Activation> Activations { get; }

    /// <summary>Brings the call to an activation, and makes one if need be.</summary>
    public abstract void Deliver(string key, GrainCall call);

    /// <summary>Takes the activation out and brings the calls that it leaves behind to another, before any later call.</summary>
    public abstract void Retire(Activation activation, IReadOnlyList<TurnRequest> left);

    /// <summary>Enqueues or refuses; false when the activation is gone.</summary>
    protected static bool TryDeliver(Activation activation, GrainCall call)
    {
        var options = activation.Runtime.Options;
        var waiting = activation.Waiting;
        if (waiting >= options.MaxWaitingCallsPerActivation)
        {
            call.Refuse(new Orleans.Runtime.LimitExceededException(
                nameof(options.MaxWaitingCallsPerActivation), waiting, options.MaxWaitingCallsPerActivation, activation.GrainId));
            return true;
        }

        return activation.TryEnqueue(call);
    }
}

/// <summary>At most one activation of a key.</summary>
internal sealed class SingleDirectory(GrainClass grainClass) : ActivationDirectory
{
    private readonly ConcurrentDictionary<string, Activation> _activations = new();

    public override IEnumerable<Activation> Activations => _activations.Values;

    public override void Deliver(string key, GrainCall call)
    {
        while (true)
        {
            // Of several made at once one gets in; the others were never called and are only garbage.
            var activation = _activations.TryGetValue(key, out var found)
                ? found
                : _activations.GetOrAdd(key, static (key, grainClass) => new Activation(grainClass, key), grainClass);
            if (TryDeliver(activation, call))
            {
                return;
            }
        }
    }

    public override void Retire(Activation activation, IReadOnlyList<TurnRequest> left)
    {
        if (left.Count == 0)
        {
            _activations.TryRemove(new(activation.Key, activation));
            return;
        }

        var successor = new Activation(grainClass, activation.Key);
        foreach (var request in left)
        {
            successor.TryEnqueue(request);
        }

        _activations[activation.Key] = successor;
    }
}
