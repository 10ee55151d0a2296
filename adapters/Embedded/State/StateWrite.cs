using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded.State;

/// <summary>A value, or a removal (null), on its way to the log. Its version is taken when it is made: calls win in their order.</summary>
internal sealed class StateWrite(StateIndex index, string key, byte[]? value) : IFrameSource
{
    private readonly byte[] _key = StateRecord.EncodeKey(key);

    public long Version { get; } = index.NextVersion();

    public long FrameBytes => Frame.HeaderBytes + StateRecord.PayloadBytes(_key, value?.Length ?? 0);

    public void Encode(FrameGroup group)
    {
        if (value is null && !index.Knows(key))
        {
            return; // Nothing to remove, and nothing on the disk that could come back.
        }

        var payloadBytes = StateRecord.PayloadBytes(_key, value?.Length ?? 0);
        StateRecord.Encode(group.Reserve(payloadBytes), Version, value is null, _key, value);
        var position = group.Seal(payloadBytes);
        index.Accept(key, Version, value is null, group.Segment, position, Frame.HeaderBytes + payloadBytes, value);
    }
}
