using Microsoft.Extensions.Logging;
using Reco.Core.Profiles;
using Reco.GrainInterfaces;

namespace Reco.Grains.State;

/// <summary>
/// A grain whose state is fed from the event log: it refuses a slice that it has a gap before, saves at checkpoints and at deactivation, and tells
/// another grain about each saved state.
/// </summary>
/// <typeparam name="TProfile">The core object that holds the state.</typeparam>
public abstract partial class CheckpointedGrain<TProfile>(IPersistentState<EncodedState> state, TProfile empty, ILogger logger) : Grain
    where TProfile : class
{
    private readonly EncodedRecord _record = new(state);
    private bool _dirty;
    private bool _reported;
    private string? _damage;

    /// <summary>The state, as far as it has been applied.</summary>
    protected TProfile Profile { get; private set; } = empty;

    /// <summary>The last applied offsets in the state.</summary>
    protected abstract PartitionOffsets Offsets { get; }

    /// <summary>The stored state cannot be read: nothing is applied, and nothing written over it.</summary>
    private bool IsQuarantined => _damage is not null;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _record.TakeAsync() is { } bytes)
        {
            try
            {
                Profile = Decode(bytes);
            }
            catch (InvalidDataException failure)
            {
                // Not swallowed: every read of this grain answers it. Failing to activate would hold up the partition for good.
                _damage = $"The stored state of {this.GetGrainId()} cannot be read: {failure.Message} './reco doctor' lists all that are damaged.";
                LogDamaged(failure, this.GetGrainId());
            }
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync();

            // Who keeps the row may have gone ahead with this silo, and waiting for it would hold up the stop. The next activation's first
            // flush sends it; the checkpoint that a stop begins with has as a rule done so already.
            if (reason.ReasonCode != DeactivationReasonCode.ShuttingDown)
            {
                await TellAsync();
            }
        }
        catch (Exception failure)
        {
            // The activation goes all the same. What it knew is still in the log: the next slice or flush finds it missing and rewinds.
            LogNotSaved(failure, this.GetGrainId());
        }
    }

    /// <summary>Makes the state durable and answers whether it includes this offset.</summary>
    public async Task<bool> FlushAsync(int partition, long expectedOffset)
    {
        var isIncluded = Includes(new PartitionOffset(partition, expectedOffset));
        if (isIncluded)
        {
            await SaveAsync();
        }

        return isIncluded;
    }

    /// <summary>As <see cref="FlushAsync"/>, for several partitions.</summary>
    public async Task<bool[]> FlushAllAsync(PartitionOffset[] expected)
    {
        var included = Array.ConvertAll(expected, Includes);
        if (included.Contains(true))
        {
            await SaveAsync();
        }

        return included;
    }

    protected abstract TProfile Decode(byte[] bytes);

    protected abstract byte[] Encode();

    /// <summary>Tells whoever keeps a row of this grain; a repeat must change nothing.</summary>
    protected abstract Task ReportAsync();

    /// <summary>Why nothing of a slice may be applied, which comes after <paramref name="after"/>; null when it may.</summary>
    protected ApplyOutcome? RefusalOf(int partition, long after) =>
        IsQuarantined ? ApplyOutcome.Quarantined
        : Offsets.IsNew(partition, after) ? ApplyOutcome.MemoryLost
        : null;

    /// <exception cref="InvalidDataException">There is nothing to answer from.</exception>
    protected void ThrowIfQuarantined()
    {
        if (_damage is not null)
        {
            throw new InvalidDataException(_damage);
        }
    }

    /// <summary>Nothing is missing that was sent up to there; of a damaged state nothing is expected.</summary>
    private bool Includes(PartitionOffset expected) => IsQuarantined || !Offsets.IsNew(expected.Partition, expected.Offset);

    /// <summary>The state is not what was saved last.</summary>
    protected void MarkChanged() => _dirty = true;

    /// <summary>
    /// State, then row. The row goes out once for each activation even if nothing is new: the one that is kept elsewhere may be older than the
    /// state, when a crash came between the two.
    /// </summary>
    private async Task SaveAsync()
    {
        await WriteAsync();
        await TellAsync();
    }

    private async Task WriteAsync()
    {
        if (_dirty && !IsQuarantined)
        {
            await _record.WriteAsync(Encode());
            _dirty = false;
            _reported = false;
        }
    }

    private async Task TellAsync()
    {
        if (!_reported && !IsQuarantined)
        {
            await ReportAsync();
            _reported = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{GrainId} has a stored state that cannot be read; its events are left out until it is mended")]
    private partial void LogDamaged(Exception failure, GrainId grainId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{GrainId} could not be saved at deactivation; what it lost will be replayed")]
    private partial void LogNotSaved(Exception failure, GrainId grainId);
}
