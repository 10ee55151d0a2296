namespace Reco.Grains.State;

/// <summary>What a grain persists: the bytes that its core object encodes itself into. The first byte is that format's version.</summary>
[GenerateSerializer, Alias("reco.EncodedState")]
public sealed class EncodedState
{
    /// <summary>Empty before the first write.</summary>
    [Id(0)]
    public byte[] Bytes { get; set; } = [];
}
