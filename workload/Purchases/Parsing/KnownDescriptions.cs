using System.Diagnostics.CodeAnalysis;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>The last description of each stock code in all blocks so far, escaped as in the messages.</summary>
internal sealed class KnownDescriptions
{
    private readonly Dictionary<byte[], byte[]> _descriptions = new(BytesComparer.Instance);

    /// <summary>Writes the descriptions that are missing in the block, then learns the block's own. Blocks must come in file order.</summary>
    public void Fill(PurchaseBlock block)
    {
        var lookup = _descriptions.GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var missing in block.Missing)
        {
            var isKnown = lookup.TryGetValue(block.Writer.Buffer.AsSpan(missing.CodeStart, missing.CodeBytes), out var description);
            block.Tally.CountMissingDescription(isKnown);
            if (isKnown)
            {
                Rewrite(block, missing, description!);
            }
        }

        block.Batch.Bytes = block.Writer.Buffer;
        block.Descriptions.ForEach(block.Writer.Buffer, (code, description) =>
        {
            if (!lookup.TryGetValue(code, out var known) || !description.SequenceEqual(known))
            {
                lookup[code] = description.ToArray();
            }
        });
    }

    /// <summary>Writes the message again at the end of the buffer, with its description.</summary>
    private static void Rewrite(PurchaseBlock block, MissingDescription missing, byte[] description)
    {
        var writer = block.Writer;
        ref var message = ref block.Batch.Messages[missing.Message];
        writer.Reserve(message.ValueBytes + description.Length);
        var old = writer.Buffer;
        var start = writer.Length;
        var head = missing.At - message.ValueStart;
        writer.Raw(old.AsSpan(message.ValueStart, head));
        writer.Raw(description);
        writer.Raw(old.AsSpan(missing.At, message.ValueBytes - head));
        var key = old.AsSpan(message.KeyStart, message.KeyBytes);
        var value = writer.Buffer.AsSpan(start, writer.Length - start);
        message = message with { ValueStart = start, ValueBytes = value.Length, Tag = ContentHash.Of(key, value) };
    }

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] bytes) => GetHashCode(bytes.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
