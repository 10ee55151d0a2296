using Reco.Core.Als;
using Reco.GrainInterfaces;
using Reco.Grains.State;

namespace Reco.Grains.Model;

/// <summary>Keeps the training rows of one shard of the users.</summary>
public sealed class InteractionShardGrain(
    [PersistentState("interactions", GrainStorageNames.Grains)] IPersistentState<EncodedState> state)
    : Grain, IInteractionShardGrain
{
    private InteractionRows _rows = new();
    private bool _dirty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (state.RecordExists)
        {
            _rows = InteractionRows.Decode(state.State.Bytes);
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => FlushAsync();

    public Task ReplaceRowAsync(InteractionRow row)
    {
        _dirty |= _rows.Replace(row.UserId, row.ProductIds, row.Weights);
        return Task.CompletedTask;
    }

    public async Task FlushAsync()
    {
        if (_dirty)
        {
            state.State.Bytes = _rows.Encode();
            await state.WriteStateAsync();
            _dirty = false;
        }
    }

    public Task<InteractionRow[]> GetRowsAsync(string? afterUser, int limit) =>
        Task.FromResult(_rows.Page(afterUser, limit)
            .Select(row => new InteractionRow { UserId = row.UserId, ProductIds = row.ItemIds, Weights = row.Weights })
            .ToArray());

    public Task<ShardSize> GetSizeAsync() =>
        Task.FromResult(new ShardSize { Revision = _rows.Revision, Interactions = _rows.Interactions });
}
