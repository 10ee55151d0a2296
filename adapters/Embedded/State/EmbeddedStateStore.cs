using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.State;

/// <summary>
/// A log-structured store: writes are appended, an index in memory tells where each key's newest value stands, and segments that are
/// mostly garbage are compacted in the background. Reads see the latest accepted write, durable or not. After an error of the disk it
/// refuses reads as well, since what it accepted last may never become durable.
/// </summary>
public sealed class EmbeddedStateStore : IStateStore, IFrameSink, IAsyncDisposable
{
    private readonly StateStoreOptions _options;
    private readonly FolderLock _lock;
    private readonly StateIndex _index;
    private readonly GroupCommitWriter _writer;
    private readonly StateCompactor _compactor;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private Task _compaction = Task.CompletedTask;
    private long _closedBefore;
    private int _isDisposed;

    private EmbeddedStateStore(
        string folder, string log, StateStoreOptions options, IStorageDevice device, StorageMetrics metrics, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _lock = FolderLock.Take(folder);
        try
        {
            _index = new StateIndex(folder);
            var found = SegmentRecovery.Open(device, folder, scanAll: true, Recover, logger);
            Cut = found.Cut;
            _closedBefore = found.Segments[^1].Base;
            _compactor = new StateCompactor(_index, device, folder, logger);
            _writer = new GroupCommitWriter(
                new WriterSettings(log, folder, options.SegmentBytes, options.QueueBytes), found, device, this, metrics, logger);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>What recovery cut off the end, if anything.</summary>
    public TailCut? Cut { get; }

    /// <summary>Why the store takes no more; null while all is well.</summary>
    public StorageException? Failure => _writer.Failure;

    /// <summary>Why compaction stopped; null while all is well.</summary>
    public Exception? CompactionFailure { get; private set; }

    /// <summary>Bytes on disk, and bytes of them that are needed.</summary>
    public (long Bytes, long LiveBytes) Size => _index.Size();

    /// <summary>Opens the store in a folder of its own, reading all of it.</summary>
    /// <exception cref="StorageException">The folder is in use, or a file is damaged.</exception>
    public static EmbeddedStateStore Open(string folder, StateStoreOptions options, StorageMetrics metrics, ILogger logger) =>
        Open(folder, "state", options, DiskDevice.Instance, metrics, logger);

    internal static EmbeddedStateStore Open(
        string folder, string log, StateStoreOptions options, IStorageDevice device, StorageMetrics metrics, ILogger logger) =>
        new(folder, log, options, device, metrics, logger);

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk failed earlier, or the record is damaged.</exception>
    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(key));
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk failed or is full.</exception>
    public async ValueTask WriteAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        if (value.Length > _options.MaxValueBytes)
        {
            throw new ArgumentException(
                $"The value of '{key}' has {value.Length} bytes; at most {_options.MaxValueBytes} are allowed.", nameof(value));
        }

        var write = new StateWrite(_index, key, value.ToArray());
        await _writer.AppendAsync(write, cancellationToken);
        _index.Settle(key, write.Version);
    }

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk failed or is full.</exception>
    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken) =>
        await _writer.AppendAsync(new StateWrite(_index, key, null), cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<string> Keys(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ThrowIfUnusable();
        return _index.Keys(prefix);
    }

    /// <summary>Writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _closing.CancelAsync();
        await _writer.DisposeAsync(); // Its thread starts compactions: none begins after this.
        await _compaction;
        _index.Close();
        _lock.Dispose();
        _closing.Dispose();
    }

    /// <summary>Closes at once when opening goes no further: nothing was written, so nothing is compacted.</summary>
    internal void Abandon()
    {
        _writer.Abandon();
        _index.Close();
        _lock.Dispose();
    }

    /// <summary>Reading is a copy out of the system's cache, or one short read of the disk.</summary>
    internal byte[]? Read(string key)
    {
        var keyBytes = StateRecord.EncodeKey(key).Length;
        ThrowIfUnusable();
        while (_index.TryFind(key, out var found))
        {
            if (found.Pending is { } pending)
            {
                return pending.AsSpan().ToArray();
            }

            if (found.Place.Segment.TryReadFrame(found.Place.Position, found.Place.FrameBytes) is { } frame)
            {
                return frame[(Frame.HeaderBytes + StateRecord.HeaderBytes + keyBytes)..];
            }

            ThrowIfUnusable(); // Else compaction removed the file after the look-up: look again.
        }

        return null;
    }

    void IFrameSink.Rolled(SegmentFile segment)
    {
    }

    void IFrameSink.Durable(FrameGroup group)
    {
        Volatile.Write(ref _closedBefore, group.Segment);
        if (_compaction.IsCompleted
            && CompactionFailure is null
            && !_closing.IsCancellationRequested
            && _index.TryPickGarbage(_options.GarbageRatio, group.Segment, out _))
        {
            _compaction = Task.Run(CompactAsync);
        }
    }

    private void Recover(SegmentFile segment, long position, ReadOnlyMemory<byte> payload)
    {
        if (!StateRecord.TryDecode(payload.Span, out var record))
        {
            throw StorageException.Damaged(segment.Path, position, "a record has an unknown form");
        }

        _index.Accept(
            record.Key, record.Version, record.IsTombstone, segment.Base, position, Frame.HeaderBytes + payload.Length, pending: null);
    }

    private async Task CompactAsync()
    {
        StateSegment? segment = null;
        try
        {
            while (_index.TryPickGarbage(_options.GarbageRatio, Volatile.Read(ref _closedBefore), out segment))
            {
                await _compactor.CompactAsync(segment, _writer, _closing.Token);
            }
        }
        catch (Exception e) when (_closing.IsCancellationRequested && e is (OperationCanceledException or StorageException))
        {
            // Closing; the next opening finds the garbage again.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CompactionFailure = e;
            StorageLog.CompactionFailed(_logger, segment?.Path ?? "", e);
        }
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) == 1, this);
        if (_writer.Failure is { } failure)
        {
            throw new StorageException(failure.Message, failure);
        }
    }
}
