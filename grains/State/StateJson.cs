using System.Text.Json;

namespace Reco.Grains.State;

/// <summary>Grain state as JSON, the same text in every storage.</summary>
public static class StateJson
{
    /// <summary>The state as JSON in UTF-8.</summary>
    public static byte[] Write<T>(T? state) => JsonSerializer.SerializeToUtf8Bytes(state);

    /// <summary>
    /// The state. What is no JSON is handed to a grain that keeps encoded bytes as it is: that grain says what is wrong with them, and goes on
    /// saying it, instead of failing to activate.
    /// </summary>
    /// <param name="json">JSON in UTF-8.</param>
    /// <param name="what">Whose it is, for the message.</param>
    /// <exception cref="InvalidDataException">It is not the JSON of such a state.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) ?? throw new InvalidDataException($"{what} is null");
        }
        catch (Exception broken) when (broken is JsonException or InvalidDataException)
        {
            return typeof(T) == typeof(EncodedState)
                ? (T)(object)new EncodedState { Bytes = json.ToArray() }
                : throw new InvalidDataException($"{what} cannot be read: {broken.Message}", broken);
        }
    }
}
