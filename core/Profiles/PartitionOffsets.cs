using Reco.Core.Windows;

namespace Reco.Core.Profiles;

/// <summary>
/// The last applied offset of each partition of the log: what makes a replay harmless. A user has one partition, a product has as
/// many as its shoppers. For one thread.
/// </summary>
/// <remarks>The properties are the state as it is persisted; use the methods.</remarks>
public sealed class PartitionOffsets
{
    /// <summary>What <see cref="Last"/> answers for a partition that nothing was applied from.</summary>
    public const long None = -1;

    private const byte Version = 1;

    /// <summary>The partitions, ascending.</summary>
    public int[] Partitions { get; set; } = [];

    /// <summary>The last applied offset of each.</summary>
    public long[] Offsets { get; set; } = [];

    /// <summary>The last applied offset, or <see cref="None"/>.</summary>
    public long Last(int partition)
    {
        var index = IndexOf(partition);
        return index < 0 ? None : Offsets[index];
    }

    /// <summary>Whether the event at this offset has not been applied yet.</summary>
    public bool IsNew(int partition, long offset) => offset > Last(partition);

    /// <summary>Remembers that everything up to this offset has been applied; a lower offset than the last changes nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The partition or the offset is negative.</exception>
    public void Set(int partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var index = IndexOf(partition);
        if (index >= 0)
        {
            Offsets[index] = Math.Max(Offsets[index], offset);
            return;
        }

        var place = ~index;
        Partitions = [.. Partitions.AsSpan(0, place), partition, .. Partitions.AsSpan(place)];
        Offsets = [.. Offsets.AsSpan(0, place), offset, .. Offsets.AsSpan(place)];
    }

    /// <summary>The state in bytes.</summary>
    public byte[] Encode()
    {
        var writer = new StateWriter(Version);
        WriteTo(ref writer);
        return writer.Finish();
    }

    /// <summary>What <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not offsets.</exception>
    public static PartitionOffsets Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Version, "partition offsets");
        var offsets = ReadFrom(ref reader);
        reader.End();
        return offsets;
    }

    internal void WriteTo(ref StateWriter writer)
    {
        writer.Count(Partitions.Length);
        for (var i = 0; i < Partitions.Length; i++)
        {
            writer.Count(Partitions[i]);
            writer.Count(Offsets[i]);
        }
    }

    internal static PartitionOffsets ReadFrom(ref StateReader reader)
    {
        var count = reader.Length(2);
        var offsets = new PartitionOffsets { Partitions = new int[count], Offsets = new long[count] };
        for (var i = 0; i < count; i++)
        {
            offsets.Partitions[i] = (int)reader.Count(int.MaxValue);
            offsets.Offsets[i] = reader.Count();
            if (i > 0 && offsets.Partitions[i] <= offsets.Partitions[i - 1])
            {
                reader.Fail("its partitions are not in order");
            }
        }

        return offsets;
    }

    private int IndexOf(int partition) =>
        Partitions.Length == 1 && Partitions[0] == partition ? 0 : Partitions.AsSpan().BinarySearch(partition);
}
