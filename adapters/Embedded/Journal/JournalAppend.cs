using System.Buffers.Binary;
using Reco.Adapters.Embedded.Storage;
using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Journal;

/// <summary>The records of one call that go to one partition. A record on disk: append time (8 bytes), value; its offset is its place.</summary>
internal sealed class JournalAppend : IFrameSource
{
    public const int HeaderBytes = 8;
    private readonly IReadOnlyList<LogAppend> _records;
    private readonly ReadOnlyMemory<int> _chosen;
    private readonly TimeProvider _clock;

    /// <param name="records">All records of the call.</param>
    /// <param name="chosen">Which of them, in order.</param>
    /// <param name="clock">Tells the append time.</param>
    public JournalAppend(IReadOnlyList<LogAppend> records, ReadOnlyMemory<int> chosen, TimeProvider clock)
    {
        (_records, _chosen, _clock) = (records, chosen, clock);
        foreach (var i in chosen.Span)
        {
            FrameBytes += Frame.HeaderBytes + HeaderBytes + records[i].Value.Length;
        }
    }

    public long FrameBytes { get; }

    public void Encode(FrameGroup group)
    {
        var appendedAtMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var i in _chosen.Span)
        {
            var value = _records[i].Value.Span;
            var payload = group.Reserve(HeaderBytes + value.Length);
            BinaryPrimitives.WriteInt64LittleEndian(payload, appendedAtMs);
            value.CopyTo(payload[HeaderBytes..]);
            group.Seal(payload.Length);
        }
    }

    public static LogRecord Decode(long offset, ReadOnlyMemory<byte> payload) =>
        new(offset, BinaryPrimitives.ReadInt64LittleEndian(payload.Span), payload[HeaderBytes..]);
}
