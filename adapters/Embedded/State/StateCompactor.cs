using Microsoft.Extensions.Logging;
using Reco.Adapters.Embedded.Storage;

namespace Reco.Adapters.Embedded.State;

/// <summary>
/// Copies what is still needed out of a closed segment to the end of the log, then removes the file. The copies go through the same
/// writer as everybody's writes, a piece at a time, so writers wait for one piece at most. A crash at any point leaves records twice
/// at worst, with the same version, which recovery takes for one.
/// </summary>
internal sealed class StateCompactor(StateIndex index, IStorageDevice device, string folder, ILogger logger)
{
    private const int PieceBytes = 1 << 20;

    public async Task CompactAsync(StateSegment segment, GroupCommitWriter writer, CancellationToken cancellationToken)
    {
        var recordKeys = new List<string>();
        var keptBytes = 0L;
        using (var reader = new FrameReader(segment.Path, segment.Base, 0, new FileInfo(segment.Path).Length, PieceBytes))
        {
            var piece = new Piece(index, segment.Base);
            while (reader.MoveNext())
            {
                recordKeys.Add(piece.Offer(reader.Payload.Span, segment, reader.FramePosition));
                if (piece.FrameBytes >= PieceBytes)
                {
                    keptBytes += await WriteAsync(piece, writer, cancellationToken);
                    piece = new Piece(index, segment.Base);
                }
            }

            reader.ThrowIfDamaged();
            keptBytes += await WriteAsync(piece, writer, cancellationToken);
        }

        // A record was left behind when a newer one had been accepted. Until that one is durable, the old one is what a crash goes
        // back to.
        await writer.BarrierAsync().WaitAsync(cancellationToken);
        device.Delete(segment.Path);
        device.SyncDirectory(folder); // Before the index forgets: a tombstone may go only when the records it hides are gone for good.
        StorageLog.Compacted(logger, segment.Path, keptBytes, segment.Bytes);
        index.Forget(segment, recordKeys);
    }

    private static async Task<long> WriteAsync(Piece piece, GroupCommitWriter writer, CancellationToken cancellationToken)
    {
        if (piece.FrameBytes > 0)
        {
            await writer.AppendAsync(piece, cancellationToken);
            piece.Move();
        }

        return piece.FrameBytes;
    }

    /// <summary>Records on their way to the end of the log.</summary>
    private sealed class Piece(StateIndex index, long fromSegment) : IFrameSource
    {
        private readonly List<Copy> _copies = [];
        private long _toSegment;

        public long FrameBytes { get; private set; }

        public string Offer(ReadOnlySpan<byte> payload, StateSegment segment, long position)
        {
            if (!StateRecord.TryDecode(payload, out var record))
            {
                throw StorageException.Damaged(segment.Path, position, "a record has an unknown form");
            }

            if (index.IsNeeded(record.Key, record.Version, fromSegment, position))
            {
                _copies.Add(new Copy(record.Key, record.Version, record.IsTombstone, position, payload.ToArray()));
                FrameBytes += Frame.HeaderBytes + payload.Length;
            }

            return record.Key;
        }

        public void Encode(FrameGroup group)
        {
            _toSegment = group.Segment;
            foreach (var copy in _copies)
            {
                copy.Payload.CopyTo(group.Reserve(copy.Payload.Length));
                copy.ToPosition = group.Seal(copy.Payload.Length);
                index.Accept(
                    copy.Key, copy.Version, copy.IsTombstone, _toSegment, copy.ToPosition, Frame.HeaderBytes + copy.Payload.Length, null);
            }
        }

        /// <summary>The copies are durable: readers go there from now on.</summary>
        public void Move()
        {
            foreach (var copy in _copies)
            {
                index.Move(copy.Key, copy.Version, fromSegment, copy.FromPosition, _toSegment, copy.ToPosition);
            }
        }
    }

    private sealed record Copy(string Key, long Version, bool IsTombstone, long FromPosition, byte[] Payload)
    {
        public long ToPosition { get; set; }
    }
}
