using Reco.Core.Recommending;

namespace Reco.Grains.Model;

/// <summary>The model that this silo serves from; swapped as a whole. One in each silo.</summary>
public sealed class ModelHolder
{
    private ServingModel? _current;

    /// <summary>Null before the first.</summary>
    public ServingModel? Current => Volatile.Read(ref _current);

    /// <summary>Takes the model unless a newer one is there already.</summary>
    public void Offer(ServingModel model)
    {
        var current = Volatile.Read(ref _current);
        while (current is null || current.Version < model.Version)
        {
            var found = Interlocked.CompareExchange(ref _current, model, current);
            if (ReferenceEquals(found, current))
            {
                return;
            }

            current = found;
        }
    }
}
