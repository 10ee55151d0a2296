using Microsoft.Extensions.Logging;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>How a <see cref="GroupCommitWriter"/> writes.</summary>
/// <param name="Log">What the log is called in metrics.</param>
/// <param name="Folder">Where the segments are.</param>
/// <param name="SegmentBytes">A segment that has reached this is closed and the next one begun.</param>
/// <param name="QueueBytes">How much may wait for the disk; appenders beyond it wait in order of their calls.</param>
internal sealed record WriterSettings(string Log, string Folder, long SegmentBytes, int QueueBytes);

/// <summary>
/// The only writer of a folder of segments. Appenders encode into the open group under a lock; a thread of its own takes the group,
/// writes it with one call, flushes once and tells everybody in it. What arrives meanwhile forms the next group, so the slower the
/// disk the larger the groups. It is a thread because a flush blocks for milliseconds, which the pool's few threads must not.
///
/// The first error is final: every waiting and later append fails, and what was not acknowledged is cut off again, so that no torn
/// record ever stands before good ones. A flush that failed cannot be repeated: the system may have dropped the pages.
/// </summary>
internal sealed class GroupCommitWriter : IAsyncDisposable
{
    private readonly object _gate = new();
    private readonly WriterSettings _settings;
    private readonly IStorageDevice _device;
    private readonly IFrameSink _sink;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private FrameGroup _open = new();
    private FrameGroup _spare = new();
    private Task _writing = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private int _inTurn;
    private bool _closing;
    private StorageException? _failure;
    private IAppendFile _file;
    private SegmentFile _segment;

    public GroupCommitWriter(
        WriterSettings settings, RecoveredFolder found, IStorageDevice device, IFrameSink sink, StorageMetrics metrics, ILogger logger)
    {
        (_settings, _device, _sink, _metrics, _logger) = (settings, device, sink, metrics, logger);
        _segment = found.Segments[^1];
        _file = device.Open(_segment.Path);
        ResetOpen(_segment.Base, _segment.Bytes, found.NextOrdinal);
        _thread = new Thread(Run) { IsBackground = true, Name = $"reco {settings.Log} writer" };
        _thread.Start();
        StorageLog.Opened(logger, settings.Folder, found.Segments.Count, found.NextOrdinal);
    }

    /// <summary>Why it takes no more; null while all is well.</summary>
    public StorageException? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>
    /// Completes when the records are durable. Cancelling ends the wait for room in the queue; records once accepted are waited for.
    /// </summary>
    public Task AppendAsync(IFrameSource source, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_inTurn == 0 && TryAccept(source) is { } durable)
            {
                return durable;
            }

            _inTurn++;
        }

        return AppendInTurnAsync(source, cancellationToken);
    }

    /// <summary>Completes when everything accepted before the call is durable; groups become durable in order, so the last one tells.</summary>
    public Task BarrierAsync()
    {
        lock (_gate)
        {
            return _failure is not null ? Task.FromException(_failure) : _open.Count > 0 ? _open.Durable.Task : _writing;
        }
    }

    /// <summary>Writes what was accepted, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        BeginClosing();
        await _stopped.Task;
    }

    /// <summary>Closes at once when opening goes no further: nothing was accepted yet.</summary>
    public void Abandon()
    {
        BeginClosing();
        _thread.Join();
    }

    private void BeginClosing()
    {
        lock (_gate)
        {
            _closing = true;
            _room?.TrySetResult();
            Monitor.Pulse(_gate);
        }
    }

    private async Task AppendInTurnAsync(IFrameSource source, CancellationToken cancellationToken)
    {
        Task? durable;
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                durable = await AcceptWhenRoomAsync(source, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            lock (_gate)
            {
                _inTurn--;
            }
        }

        await durable;
    }

    private async Task<Task> AcceptWhenRoomAsync(IFrameSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (TryAccept(source) is { } durable)
                {
                    return durable;
                }

                _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Under the lock. Null when there is no room; a group that is empty takes anything, or a large append would never go.</summary>
    private Task? TryAccept(IFrameSource source)
    {
        if (_failure is not null)
        {
            throw new StorageException(_failure.Message, _failure);
        }

        if (_closing)
        {
            throw new StorageException($"'{_settings.Folder}' is closed.");
        }

        if (_open.Bytes > 0 && _open.Bytes + source.FrameBytes > _settings.QueueBytes)
        {
            return null;
        }

        var wasEmpty = _open.Count == 0;
        source.Encode(_open);
        if (wasEmpty && _open.Count > 0)
        {
            Monitor.Pulse(_gate);
        }

        return _open.Count == 0 ? Task.CompletedTask : _open.Durable.Task;
    }

    private void Run()
    {
        while (Take() is { } group)
        {
            try
            {
                Persist(group);
                _sink.Durable(group);
            }
            catch (Exception e)
            {
                Fail(group, e); // Not swallowed: each appender gets it.
                break;
            }

            group.Durable.SetResult();
            _spare = group;
        }

        _file.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Waits for records; null when closing and all is written.</summary>
    private FrameGroup? Take()
    {
        lock (_gate)
        {
            while (_open.Count == 0)
            {
                if (_closing)
                {
                    return null;
                }

                Monitor.Wait(_gate);
            }

            var taken = _open;
            _writing = taken.Durable.Task;
            _open = _spare;
            var roll = taken.End >= _settings.SegmentBytes;
            ResetOpen(roll ? taken.NextOrdinal : taken.Segment, roll ? 0 : taken.End, taken.NextOrdinal);
            _room?.TrySetResult();
            _room = null;
            return taken;
        }
    }

    private void ResetOpen(long segment, long start, long nextOrdinal) => _open.Reset(segment, start, nextOrdinal, _settings.QueueBytes);

    private void Persist(FrameGroup group)
    {
        if (group.Segment != _segment.Base)
        {
            var path = SegmentFile.PathOf(_settings.Folder, group.Segment);
            var next = _device.Create(path);
            _file.Dispose();
            _file = next;
            _segment = new SegmentFile(path, group.Segment, 0);
            _device.SyncDirectory(_settings.Folder);
            _sink.Rolled(_segment);
        }

        _file.Write(group.Start, group.Written);
        var started = TimeProvider.System.GetTimestamp();
        _file.Flush();
        _metrics.Flushed(_settings.Log, group, TimeProvider.System.GetElapsedTime(started));
        _segment = _segment with { Bytes = group.End };
    }

    private void Fail(FrameGroup group, Exception cause)
    {
        StorageLog.WriteFailed(_logger, _settings.Folder, cause);
        var failure = new StorageException(
            $"Writing to '{_settings.Folder}' failed: {cause.Message} Free space or mend the disk, then restart.", cause);
        try
        {
            _file.Truncate(_segment.Bytes);
        }
        catch (IOException e)
        {
            StorageLog.TakeBackFailed(_logger, _segment.Path, e);
        }

        FrameGroup later;
        lock (_gate)
        {
            _failure = failure;
            later = _open;
            _room?.TrySetResult();
            _room = null;
        }

        group.Durable.SetException(failure);
        if (later.Count > 0)
        {
            later.Durable.SetException(failure);
        }
    }
}
