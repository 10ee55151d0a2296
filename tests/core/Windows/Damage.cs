using System.Buffers.Binary;

namespace Reco.Core.Tests.Windows;

/// <summary>What every Decode must do with bytes that Encode did not write: say so, and nothing else.</summary>
internal static class Damage
{
    public static void IsAlwaysFound(byte[] good, Action<byte[]> decode)
    {
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => decode(good[..length]));
        }

        Assert.Throws<InvalidDataException>(() => decode([.. good, 0]));
        for (var i = 0; i < good.Length; i++)
        {
            var flipped = good.ToArray();
            flipped[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<InvalidDataException>(() => decode(flipped));
        }

        var future = good.ToArray();
        future[0] = 200;
        Assert.Contains("version 200", Assert.Throws<InvalidDataException>(() => decode(Sealed(future))).Message, StringComparison.Ordinal);
        BehindAValidChecksum(good, decode);
    }

    /// <summary>Bytes with a checksum that fits: the fields themselves must be read with suspicion. Some happen to mean something.</summary>
    private static void BehindAValidChecksum(byte[] good, Action<byte[]> decode)
    {
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            var bad = good.ToArray();
            if (round % 2 == 0)
            {
                random.NextBytes(bad.AsSpan(1));
            }

            bad[1 + random.Next(bad.Length - 1)] = (byte)random.Next(256);
            bad = bad[..random.Next(6, bad.Length + 1)];
            bad[0] = good[0];
            try
            {
                decode(Sealed(bad));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 2000);
    }

    private static byte[] Sealed(byte[] bytes)
    {
        var checksum = StateChecksum(bytes.AsSpan(0, bytes.Length - 4));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(bytes.Length - 4), checksum);
        return bytes;
    }

    /// <summary>CRC-32C bit by bit, the obvious way: also the oracle of the fast one.</summary>
    private static uint StateChecksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
