namespace Reco.Core.Windows;

/// <content>The persisted form: the hashes, or the registers in six bits each.</content>
public sealed partial class DistinctCounter
{
    private const byte Version = 1;
    private const int PackedBytes = HyperLogLog.RegisterCount / 4 * 3;

    /// <summary>The state in bytes: 8 a hash while exact, 3,072 afterwards.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version);
        WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a counter.</exception>
    public static DistinctCounter Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "distinct counter");
        var counter = ReadFrom(ref reader);
        reader.End();
        return counter;
    }

    /// <summary>The number of hashes plus one, then the hashes; or 0, then the registers.</summary>
    internal void WriteTo(ref StateWriter writer)
    {
        if (!IsExact)
        {
            writer.Count(0);
            Pack(Registers, writer.Bytes(PackedBytes));
            return;
        }

        writer.Count(ExactCount + 1);
        if (HasZero)
        {
            writer.Fixed64(0);
        }

        foreach (var hash in Table)
        {
            if (hash != 0)
            {
                writer.Fixed64(hash);
            }
        }
    }

    internal static DistinctCounter ReadFrom(ref StateReader reader)
    {
        var counter = new DistinctCounter();
        var count = reader.Count(ExactMax + 1);
        if (count == 0)
        {
            counter.Registers = new byte[HyperLogLog.RegisterCount];
            Unpack(reader.Bytes(PackedBytes), counter.Registers);
            if (counter.Registers.AsSpan().ContainsAnyExceptInRange((byte)0, HyperLogLog.RankMax))
            {
                reader.Fail($"a register is above {HyperLogLog.RankMax}");
            }

            return counter;
        }

        for (var left = count - 1; left > 0; left--)
        {
            if (!counter.TryInsert(reader.Fixed64()))
            {
                reader.Fail("a hash is there twice");
            }
        }

        return counter;
    }

    private static void Pack(ReadOnlySpan<byte> registers, Span<byte> packed)
    {
        for (int from = 0, to = 0; from < registers.Length; from += 4, to += 3)
        {
            var four = registers[from] | (registers[from + 1] << 6) | (registers[from + 2] << 12) | (registers[from + 3] << 18);
            packed[to] = (byte)four;
            packed[to + 1] = (byte)(four >> 8);
            packed[to + 2] = (byte)(four >> 16);
        }
    }

    private static void Unpack(ReadOnlySpan<byte> packed, Span<byte> registers)
    {
        for (int from = 0, to = 0; to < registers.Length; from += 3, to += 4)
        {
            var four = packed[from] | (packed[from + 1] << 8) | (packed[from + 2] << 16);
            registers[to] = (byte)(four & 0x3F);
            registers[to + 1] = (byte)((four >> 6) & 0x3F);
            registers[to + 2] = (byte)((four >> 12) & 0x3F);
            registers[to + 3] = (byte)(four >> 18);
        }
    }
}
