using Orleans.Storage;
using Reco.Grains.State;

namespace Reco.Silo.Cluster;

/// <summary>Grain state in the cluster's storage: the same JSON as in the embedded store.</summary>
internal sealed class StateJsonSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(StateJson.Write(input));

    public T Deserialize<T>(BinaryData input) => StateJson.Read<T>(input.ToMemory().Span, $"a stored {typeof(T).Name}");
}
