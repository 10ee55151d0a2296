using Reco.Core.Hashing;

namespace Reco.Workload.Purchases.Parsing;

/// <summary>
/// The last description of each stock code within a block, as places in the block's messages. Open addressing; a row costs one
/// look-up and no allocation.
/// </summary>
internal sealed class DescriptionTable
{
    private const int FirstSlots = 4096;
    private Slot[] _slots = new Slot[FirstSlots];
    private int _used;

    public void Clear()
    {
        Array.Clear(_slots);
        _used = 0;
    }

    /// <summary>Remembers a description. All places are in <paramref name="bytes"/>, escaped as they stand there.</summary>
    public void Set(byte[] bytes, Range code, Range description)
    {
        if (_used * 2 >= _slots.Length)
        {
            Grow();
        }

        var (codeStart, codeLength) = code.GetOffsetAndLength(bytes.Length);
        var (start, length) = description.GetOffsetAndLength(bytes.Length);
        var hash = HashOf(bytes.AsSpan(codeStart, codeLength));
        ref var slot = ref Find(_slots, bytes, hash, bytes.AsSpan(codeStart, codeLength));
        _used += slot.CodeLength == 0 ? 1 : 0;
        slot = new Slot(hash, codeStart, codeLength, start, length);
    }

    public bool TryGet(byte[] bytes, ReadOnlySpan<byte> code, out ReadOnlySpan<byte> description)
    {
        ref var slot = ref Find(_slots, bytes, HashOf(code), code);
        description = bytes.AsSpan(slot.Start, slot.Length);
        return slot.CodeLength > 0;
    }

    /// <summary>Gives every code and its last description.</summary>
    public void ForEach(byte[] bytes, DescriptionVisitor visit)
    {
        foreach (ref readonly var slot in _slots.AsSpan())
        {
            if (slot.CodeLength > 0)
            {
                visit(bytes.AsSpan(slot.CodeStart, slot.CodeLength), bytes.AsSpan(slot.Start, slot.Length));
            }
        }
    }

    private static ref Slot Find(Slot[] slots, byte[] bytes, ulong hash, ReadOnlySpan<byte> code)
    {
        for (var at = (int)hash & (slots.Length - 1); ; at = (at + 1) & (slots.Length - 1))
        {
            ref var slot = ref slots[at];
            if (slot.CodeLength == 0 || (slot.Hash == hash && bytes.AsSpan(slot.CodeStart, slot.CodeLength).SequenceEqual(code)))
            {
                return ref slot;
            }
        }
    }

    private static ulong HashOf(ReadOnlySpan<byte> code)
    {
        var hash = (ulong)code.Length;
        foreach (var unit in code)
        {
            hash = (hash ^ unit) * 1099511628211;
        }

        return StableHash.Mix(hash);
    }

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot.CodeLength > 0)
            {
                var at = (int)slot.Hash & (larger.Length - 1);
                while (larger[at].CodeLength > 0)
                {
                    at = (at + 1) & (larger.Length - 1);
                }

                larger[at] = slot;
            }
        }

        _slots = larger;
    }

    private readonly record struct Slot(ulong Hash, int CodeStart, int CodeLength, int Start, int Length);
}

/// <summary>Takes a stock code and its description.</summary>
internal delegate void DescriptionVisitor(ReadOnlySpan<byte> code, ReadOnlySpan<byte> description);
