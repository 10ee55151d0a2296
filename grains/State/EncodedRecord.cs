namespace Reco.Grains.State;

/// <summary>
/// The stored bytes of a grain's state: taken at activation, handed over at a write, and not kept between. The grain has its state as an object. The bytes
/// beside it would be half of its memory, and live from one checkpoint to the next: long enough for the garbage collector to carry them along.
/// </summary>
internal sealed class EncodedRecord(IPersistentState<EncodedState> state)
{
    /// <summary>What is stored; null when nothing is. For the activation, once.</summary>
    public async Task<byte[]?> TakeAsync()
    {
        if (state.RecordExists && state.State.Bytes.Length == 0)
        {
            // The grain has moved here: that there is a record came along, the bytes were not kept.
            await state.ReadStateAsync();
        }

        if (!state.RecordExists)
        {
            return null;
        }

        var bytes = state.State.Bytes;
        state.State.Bytes = [];
        return bytes;
    }

    /// <summary>Stores them.</summary>
    public async Task WriteAsync(byte[] bytes)
    {
        state.State.Bytes = bytes;
        try
        {
            await state.WriteStateAsync();
        }
        finally
        {
            // Not those of another write: a deactivation that has waited long enough for the call before it writes while that is still writing.
            if (ReferenceEquals(state.State.Bytes, bytes))
            {
                state.State.Bytes = [];
            }
        }
    }
}
