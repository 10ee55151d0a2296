using System.Buffers.Binary;

namespace Reco.Adapters.Embedded.Storage;

internal enum FrameState
{
    Good,

    /// <summary>Good so far, but more bytes are needed to tell.</summary>
    Short,

    Bad,
}

/// <summary>
/// One record on disk: magic, payload length, CRC-32C (four bytes each, little-endian), payload. The checksum also covers where the
/// frame stands (segment and byte position), so that a frame is good in one place only: neither stale bytes of an older file nor a
/// value that happens to contain a frame can pass for a record.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = 12;

    /// <summary>Room for the largest value (64 MiB) and its key. Not an option: a lower one would make old records look damaged.</summary>
    public const int PayloadBytesMax = (64 << 20) + 4096;

    /// <summary>Bytes F5 FE C1 FF on disk: none of them occurs in UTF-8, so a text payload never looks like the start of a frame.</summary>
    public const uint Magic = 0xFFC1FEF5;

    /// <summary>Writes the header before a payload that is already in place.</summary>
    public static void Seal(Span<byte> frame, long segment, long position)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(frame[HeaderBytes..], segment, position));
    }

    /// <summary>Judges the bytes that begin at <paramref name="position"/>.</summary>
    /// <param name="bytes">What is at hand; may hold less or more than the frame.</param>
    /// <param name="segment">Base of the segment.</param>
    /// <param name="position">Where in the segment the bytes begin.</param>
    /// <param name="payloadBytes">Length of the payload, once the header is known and plausible; else 0.</param>
    public static FrameState Judge(ReadOnlySpan<byte> bytes, long segment, long position, out int payloadBytes)
    {
        payloadBytes = 0;
        if (bytes.Length < HeaderBytes)
        {
            return FrameState.Short;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || length < 0 || length > PayloadBytesMax)
        {
            return FrameState.Bad;
        }

        payloadBytes = length;
        if (bytes.Length < HeaderBytes + length)
        {
            return FrameState.Short;
        }

        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        return checksum == Checksum(bytes.Slice(HeaderBytes, length), segment, position) ? FrameState.Good : FrameState.Bad;
    }

    private static uint Checksum(ReadOnlySpan<byte> payload, long segment, long position)
    {
        var crc = Crc32C.Append(Crc32C.Start, (ulong)segment);
        crc = Crc32C.Append(crc, (ulong)position);
        crc = Crc32C.Append(crc, (ulong)payload.Length);
        return ~Crc32C.Append(crc, payload);
    }
}
