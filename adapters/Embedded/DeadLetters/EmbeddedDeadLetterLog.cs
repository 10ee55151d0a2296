using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.DeadLetters;

/// <summary>How the embedded dead-letter log works.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>A segment that has reached this is closed and the next one begun.</summary>
    [Range(4_096, 1L << 30)]
    public long SegmentBytes { get; set; } = 16L << 20;

    /// <summary>How much may wait for the disk before appenders wait their turn.</summary>
    [Range(4_096, 1 << 28)]
    public int QueueBytes { get; set; } = 4 << 20;
}

/// <summary>
/// Dead letters as framed lines of JSON. The places (partition and offset) of all that is kept are held in memory, about 50 bytes
/// each, to tell a letter that comes again after a replay.
/// </summary>
public sealed class EmbeddedDeadLetterLog : IDeadLetterLog, IFrameSink, IAsyncDisposable
{
    private const int ReadBytes = 1 << 16;
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly FolderLock _lock;
    private readonly GroupCommitWriter _writer;
    private readonly Dictionary<(int Partition, long Offset), Task> _kept = [];
    private List<SegmentFile> _segments = [];
    private int _isDisposed;

    private EmbeddedDeadLetterLog(
        string folder, DeadLetterOptions options, IStorageDevice device, TimeProvider clock, StorageMetrics metrics, ILogger logger)
    {
        _clock = clock;
        _lock = FolderLock.Take(folder);
        try
        {
            var found = SegmentRecovery.Open(device, folder, scanAll: true, Recover, logger);
            _segments = found.Segments;
            Cut = found.Cut;
            _writer = new GroupCommitWriter(
                new WriterSettings("dead-letters", folder, options.SegmentBytes, options.QueueBytes), found, device, this, metrics, logger);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>What recovery cut off the end, if anything.</summary>
    public TailCut? Cut { get; }

    /// <summary>Opens the log in a folder of its own, reading all of it.</summary>
    /// <exception cref="StorageException">The folder is in use, or a file is damaged.</exception>
    public static EmbeddedDeadLetterLog Open(
        string folder, DeadLetterOptions options, TimeProvider clock, StorageMetrics metrics, ILogger logger) =>
        Open(folder, options, DiskDevice.Instance, clock, metrics, logger);

    internal static EmbeddedDeadLetterLog Open(
        string folder, DeadLetterOptions options, IStorageDevice device, TimeProvider clock, StorageMetrics metrics, ILogger logger) =>
        new(folder, options, device, clock, metrics, logger);

    /// <inheritdoc/>
    /// <exception cref="StorageException">The disk failed or is full.</exception>
    public async ValueTask AppendAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letter);
        cancellationToken.ThrowIfCancellationRequested();
        var place = (letter.Partition, letter.Offset);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task kept;
        lock (_gate)
        {
            if (!_kept.TryGetValue(place, out kept!))
            {
                kept = _kept[place] = mine.Task;
            }
        }

        if (kept != mine.Task)
        {
            await kept.WaitAsync(cancellationToken);
            return;
        }

        try
        {
            await _writer.AppendAsync(new LineAppend(DeadLetterLine.Encode(letter, _clock.GetUtcNow())), cancellationToken);
            lock (_gate)
            {
                _kept[place] = Task.CompletedTask;
            }

            mine.SetResult();
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _kept.Remove(place);
            }

            mine.SetException(new StorageException($"The dead letter of partition {letter.Partition}, offset {letter.Offset} was not kept.", e));
            _ = mine.Task.Exception; // Seen: nobody else may be waiting.
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeadLetter> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) == 1, this);
        await Task.Yield(); // Reading blocks: not on the caller's turn.
        SegmentFile[] segments;
        lock (_gate)
        {
            segments = [.. _segments];
        }

        foreach (var segment in segments)
        {
            using var reader = new FrameReader(segment.Path, segment.Base, 0, segment.Bytes, ReadBytes);
            while (reader.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Decode(segment, reader.FramePosition, reader.Payload.Span);
            }

            reader.ThrowIfDamaged();
        }
    }

    /// <summary>Writes what was accepted, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    void IFrameSink.Rolled(SegmentFile segment)
    {
        lock (_gate)
        {
            _segments = [.. _segments, segment];
        }
    }

    void IFrameSink.Durable(FrameGroup group)
    {
        lock (_gate)
        {
            _segments[^1] = _segments[^1] with { Bytes = group.End };
        }
    }

    private static DeadLetter Decode(SegmentFile segment, long position, ReadOnlySpan<byte> line)
    {
        try
        {
            return DeadLetterLine.Decode(line);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw StorageException.Damaged(segment.Path, position, $"a record has an unknown form ({e.Message})");
        }
    }

    private void Recover(SegmentFile segment, long position, ReadOnlyMemory<byte> line)
    {
        var letter = Decode(segment, position, line.Span);
        _kept[(letter.Partition, letter.Offset)] = Task.CompletedTask;
    }

    private sealed class LineAppend(byte[] line) : IFrameSource
    {
        public long FrameBytes => Frame.HeaderBytes + line.Length;

        public void Encode(FrameGroup group)
        {
            line.CopyTo(group.Reserve(line.Length));
            group.Seal(line.Length);
        }
    }
}
