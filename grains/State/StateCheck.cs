using Reco.Core.Als;
using Reco.Core.Profiles;
using Reco.Core.Recommending;
using Reco.Core.Trending;
using Reco.Grains.Model;

namespace Reco.Grains.State;

/// <summary>Whether a stored state can be read by the grain that it belongs to.</summary>
public static class StateCheck
{
    /// <summary>By the name of the persistent state; each grain has one of its own.</summary>
    private static readonly Dictionary<string, Action<ReadOnlySpan<byte>>> Readers = new()
    {
        ["user"] = json => UserProfile.Decode(Encoded(json)),
        ["product"] = json => ProductProfile.Decode(Encoded(json)),
        ["board"] = json => TrendingBoard.Decode(Encoded(json)),
        ["interactions"] = json => InteractionRows.Decode(Encoded(json)),
        ["model"] = CheckModel,
    };

    /// <summary>Names of the states that can be checked.</summary>
    public static IReadOnlyCollection<string> Names => Readers.Keys;

    /// <summary>What is wrong with the stored JSON; null when it can be read.</summary>
    /// <exception cref="ArgumentException">No grain has a state of this name.</exception>
    public static string? Fault(string stateName, ReadOnlySpan<byte> json)
    {
        if (!Readers.TryGetValue(stateName, out var read))
        {
            throw new ArgumentException($"no grain has a state called '{stateName}'", nameof(stateName));
        }

        try
        {
            read(json);
            return null;
        }
        catch (InvalidDataException fault)
        {
            return fault.Message;
        }
    }

    private static byte[] Encoded(ReadOnlySpan<byte> json) => StateJson.Read<EncodedState>(json, "the state").Bytes;

    private static void CheckModel(ReadOnlySpan<byte> json)
    {
        if (StateJson.Read<AlsState>(json, "the model") is { Model: { Length: > 0 } model })
        {
            ServingModelCodec.Decode(model);
        }
    }
}
