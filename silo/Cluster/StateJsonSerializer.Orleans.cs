using System.Text.Json;
using Orleans.Storage;

namespace Reco.Silo.Cluster;

/// <summary>Grain state as JSON, the same text as in the embedded store.</summary>
internal sealed class StateJsonSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(input) ?? throw new InvalidDataException($"a stored {typeof(T).Name} is null");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"a stored {typeof(T).Name} cannot be read: {broken.Message}", broken);
        }
    }
}
