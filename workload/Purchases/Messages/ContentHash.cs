using System.Buffers.Binary;
using System.Numerics;
using Reco.Core.Hashing;

namespace Reco.Workload.Purchases.Messages;

/// <summary>
/// What was sent, in 64 bits and regardless of the order: the sum over the messages of a hash of key and value. A sum, not an exclusive
/// or, so that a message sent twice shows. Against mistakes, not against malice.
/// </summary>
public static class ContentHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    /// <summary>Hash of a message; the lengths are part of it, so that bytes cannot move between key and value.</summary>
    public static ulong Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        StableHash.Combine(Of(key), Of(value));

    /// <summary>As reported: 16 hex digits.</summary>
    public static string Text(ulong sum) => sum.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = StableHash.Mix((ulong)bytes.Length + Prime);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (BitOperations.RotateLeft(hash, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Prime;
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            rest |= (ulong)bytes[i] << (8 * i);
        }

        return StableHash.Mix((BitOperations.RotateLeft(hash, 29) ^ rest) * Prime);
    }
}
