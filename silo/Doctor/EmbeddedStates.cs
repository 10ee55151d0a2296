using System.Runtime.CompilerServices;
using Reco.Core.Ports;
using Reco.Silo.Hosting;

namespace Reco.Silo.Doctor;

/// <summary>The grain states in the embedded state store.</summary>
internal static class EmbeddedStates
{
    public static async IAsyncEnumerable<StoredState> ReadAsync(IStateStore store, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var key in store.Keys(StateStoreGrainStorage.Prefix))
        {
            if (await store.ReadAsync(key, cancellationToken) is { } json)
            {
                yield return StoredState.Of(key[StateStoreGrainStorage.Prefix.Length..], json);
            }
        }
    }
}
