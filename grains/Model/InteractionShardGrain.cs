using Microsoft.Extensions.Logging;
using Reco.Core.Als;
using Reco.GrainInterfaces;
using Reco.Grains.State;

namespace Reco.Grains.Model;

/// <summary>Keeps the training rows of one shard of the users.</summary>
public sealed partial class InteractionShardGrain(
    [PersistentState("interactions", GrainStorageNames.Grains)] IPersistentState<EncodedState> state, ILogger<InteractionShardGrain> logger)
    : Grain, IInteractionShardGrain
{
    private readonly EncodedRecord _record = new(state);
    private InteractionRows _rows = new();
    private bool _dirty;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _record.TakeAsync() is { } bytes)
        {
            try
            {
                _rows = InteractionRows.Decode(bytes);
            }
            catch (InvalidDataException failure)
            {
                // The rows are copies of what the users' grains keep, which send them again; training goes on with those until then.
                LogDamaged(failure, this.GetPrimaryKeyLong());
            }
        }
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
            await _record.WriteAsync(_rows.Encode());
            _dirty = false;
        }
    }

    public Task<InteractionRow[]> GetRowsAsync(string? afterUser, int limit) =>
        Task.FromResult(_rows.Page(afterUser, limit)
            .Select(row => new InteractionRow { UserId = row.UserId, ProductIds = row.ItemIds, Weights = row.Weights })
            .ToArray());

    public Task<ShardSize> GetSizeAsync() =>
        Task.FromResult(new ShardSize { Revision = _rows.Revision, Interactions = _rows.Interactions });

    [LoggerMessage(Level = LogLevel.Error, Message = "Training rows of shard {Shard} cannot be read; it starts empty, and fills again as its users are active")]
    private partial void LogDamaged(Exception failure, long shard);
}
