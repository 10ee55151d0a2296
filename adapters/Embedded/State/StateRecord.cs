using System.Buffers.Binary;
using System.Text;

namespace Reco.Adapters.Embedded.State;

/// <summary>
/// One write as it stands in a frame: version (8 bytes), kind (1), length of the key (2), key in UTF-8, value. Versions rise with
/// every call, and of two records of a key the higher version holds, wherever they stand: so compaction may copy a record behind
/// newer ones, and a crash may leave it twice.
/// </summary>
internal readonly ref struct StateRecord
{
    public const int HeaderBytes = 11;
    public const int KeyBytesMax = 1024;
    private const byte ValueKind = 0;
    private const byte TombstoneKind = 1;

    /// <summary>Throws on text that is not valid UTF-16, which would make two keys one.</summary>
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private StateRecord(long version, bool isTombstone, string key, ReadOnlySpan<byte> value)
    {
        (Version, IsTombstone, Key) = (version, isTombstone, key);
        Value = value;
    }

    public long Version { get; }

    public bool IsTombstone { get; }

    public string Key { get; }

    public ReadOnlySpan<byte> Value { get; }

    public static byte[] EncodeKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var bytes = Strict.GetBytes(key);
        return bytes.Length <= KeyBytesMax
            ? bytes
            : throw new ArgumentException($"The key is {bytes.Length} bytes long in UTF-8; at most {KeyBytesMax} are allowed.", nameof(key));
    }

    public static int PayloadBytes(byte[] key, int valueBytes) => HeaderBytes + key.Length + valueBytes;

    public static void Encode(Span<byte> payload, long version, bool isTombstone, byte[] key, ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, version);
        payload[8] = isTombstone ? TombstoneKind : ValueKind;
        BinaryPrimitives.WriteUInt16LittleEndian(payload[9..], (ushort)key.Length);
        key.CopyTo(payload[HeaderBytes..]);
        value.CopyTo(payload[(HeaderBytes + key.Length)..]);
    }

    /// <summary>False when the payload is none of ours, though its frame is good.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> payload, out StateRecord record)
    {
        record = default;
        if (payload.Length < HeaderBytes || payload[8] > TombstoneKind)
        {
            return false;
        }

        var keyBytes = BinaryPrimitives.ReadUInt16LittleEndian(payload[9..]);
        if (payload.Length < HeaderBytes + keyBytes)
        {
            return false;
        }

        record = new StateRecord(
            BinaryPrimitives.ReadInt64LittleEndian(payload),
            payload[8] == TombstoneKind,
            Strict.GetString(payload.Slice(HeaderBytes, keyBytes)),
            payload[(HeaderBytes + keyBytes)..]);
        return true;
    }
}
