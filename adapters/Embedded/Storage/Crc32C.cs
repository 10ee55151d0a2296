using System.Numerics;
using System.Runtime.InteropServices;

namespace Reco.Adapters.Embedded.Storage;

/// <summary>CRC-32C (Castagnoli), one processor instruction for eight bytes. Little-endian machines only, as .NET's supported ones are.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    public static uint Append(uint crc, ulong value) => BitOperations.Crc32C(crc, value);

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return crc;
    }
}
