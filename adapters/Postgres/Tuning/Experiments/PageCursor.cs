using System.Buffers.Binary;
using System.Buffers.Text;
using Reco.Core.Hashing;

namespace Reco.Adapters.Postgres.Tuning.Experiments;

/// <summary>The last order of a page: where the next page begins. As a token: opaque to clients, with a checksum against typing errors.</summary>
public readonly record struct PageCursor(DateTime CreatedAt, long OrderId)
{
    private const byte Version = 1;
    private const int Bytes = 1 + 8 + 8 + 4;

    public string ToToken()
    {
        Span<byte> token = stackalloc byte[Bytes];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token[1..], CreatedAt.Ticks);
        BinaryPrimitives.WriteInt64BigEndian(token[9..], OrderId);
        BinaryPrimitives.WriteUInt32BigEndian(token[17..], Checksum());
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The position of a token; false when we never made it.</summary>
    public static bool TryParse(string text, out PageCursor cursor)
    {
        cursor = default;
        Span<byte> token = stackalloc byte[Bytes];
        if (text.Length != Base64Url.GetEncodedLength(Bytes)
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, token, out var written)
            || written != Bytes
            || token[0] != Version)
        {
            return false;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(token[1..]);
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        cursor = new PageCursor(new DateTime(ticks, DateTimeKind.Utc), BinaryPrimitives.ReadInt64BigEndian(token[9..]));
        return BinaryPrimitives.ReadUInt32BigEndian(token[17..]) == cursor.Checksum();
    }

    private uint Checksum() => (uint)StableHash.Combine((ulong)CreatedAt.Ticks, (ulong)OrderId);
}
