namespace Reco.Core.Windows;

/// <summary>
/// How many distinct 64-bit hashes were added: exact up to <see cref="ExactMax"/>, then HyperLogLog with 4,096 registers
/// (standard error 1.04 / sqrt(4096) = 1.6%). The state depends on the set of hashes alone: adding one again changes nothing, and
/// a merge is the union. The hashes must be well mixed, as those of StableHash are. For one thread.
/// </summary>
/// <remarks>The properties are the state as it is persisted; use the methods.</remarks>
public sealed partial class DistinctCounter
{
    /// <summary>Most hashes that are kept as they are; one more and the registers take over (as many bytes, roughly).</summary>
    public const int ExactMax = 512;

    private const int TableMin = 8;

    /// <summary>Hashes kept as they are.</summary>
    public int ExactCount { get; set; }

    /// <summary>Open addressing, linear probing, at most three quarters full; 0 marks a free place.</summary>
    public ulong[] Table { get; set; } = [];

    /// <summary>Whether the hash 0 is among them.</summary>
    public bool HasZero { get; set; }

    /// <summary>The registers, empty while the count is exact.</summary>
    public byte[] Registers { get; set; } = [];

    /// <summary>True while the count is exact.</summary>
    public bool IsExact => Registers.Length == 0;

    /// <summary>Adds a hash.</summary>
    public void Add(ulong hash)
    {
        if (!IsExact)
        {
            HyperLogLog.Add(Registers, hash);
        }
        else if (TryInsert(hash) && ExactCount > ExactMax)
        {
            Promote();
        }
    }

    /// <summary>The number of distinct hashes: exact, or an estimate that is above <see cref="ExactMax"/>, as the number itself is.</summary>
    public long Estimate() =>
        IsExact ? ExactCount : Math.Max(ExactMax + 1, (long)Math.Round(HyperLogLog.Estimate(Registers)));

    /// <summary>Adds everything that <paramref name="other"/> has seen.</summary>
    public void Merge(DistinctCounter other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!other.IsExact)
        {
            if (IsExact)
            {
                Promote();
            }

            HyperLogLog.Merge(Registers, other.Registers);
            return;
        }

        if (other.HasZero)
        {
            Add(0);
        }

        foreach (var hash in other.Table)
        {
            if (hash != 0)
            {
                Add(hash);
            }
        }
    }

    /// <summary>Forgets everything; registers are given back, a small table is kept for the next pane.</summary>
    public void Clear()
    {
        Registers = [];
        HasZero = false;
        ExactCount = 0;
        if (Table.Length > 8 * TableMin)
        {
            Table = [];
        }
        else
        {
            Array.Clear(Table);
        }
    }

    private bool TryInsert(ulong hash)
    {
        if (hash == 0)
        {
            if (HasZero)
            {
                return false;
            }

            HasZero = true;
            ExactCount++;
            return true;
        }

        if ((ExactCount + 1) * 4 > Table.Length * 3)
        {
            Grow();
        }

        ref var place = ref PlaceOf(Table, hash);
        if (place == hash)
        {
            return false;
        }

        place = hash;
        ExactCount++;
        return true;
    }

    private static ref ulong PlaceOf(ulong[] table, ulong hash)
    {
        var mask = table.Length - 1;
        var index = (int)hash & mask;
        while (table[index] != 0 && table[index] != hash)
        {
            index = (index + 1) & mask;
        }

        return ref table[index];
    }

    private void Grow()
    {
        var larger = new ulong[Math.Max(TableMin, Table.Length * 2)];
        foreach (var hash in Table)
        {
            if (hash != 0)
            {
                PlaceOf(larger, hash) = hash;
            }
        }

        Table = larger;
    }

    private void Promote()
    {
        Registers = new byte[HyperLogLog.RegisterCount];
        if (HasZero)
        {
            HyperLogLog.Add(Registers, 0);
        }

        foreach (var hash in Table)
        {
            if (hash != 0)
            {
                HyperLogLog.Add(Registers, hash);
            }
        }

        Table = [];
        HasZero = false;
        ExactCount = 0;
    }
}
