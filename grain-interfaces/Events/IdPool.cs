using System.Text;

namespace Reco.GrainInterfaces;

/// <summary>
/// Gives equal ids one string, so that decoding a busy log does not allocate the same user and product over and over.
/// Bounded: a slot keeps the last id that hashed to it. For one thread.
/// </summary>
public sealed class IdPool
{
    private readonly Slot[] _slots;

    /// <summary>A pool of 2^<paramref name="bits"/> slots.</summary>
    public IdPool(int bits = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 24);
        _slots = new Slot[1 << bits];
    }

    /// <summary>The string of these UTF-8 bytes.</summary>
    /// <exception cref="InvalidOperationException">They are not valid UTF-8.</exception>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        var hash = 2166136261u;
        foreach (var unit in utf8)
        {
            hash = (hash ^ unit) * 16777619u;
        }

        ref var slot = ref _slots[hash & (uint)(_slots.Length - 1)];
        if (slot.Utf8 is { } known && utf8.SequenceEqual(known))
        {
            return slot.Text!;
        }

        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            throw new InvalidOperationException("an id is not valid UTF-8");
        }

        slot = new Slot(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return slot.Text!;
    }

    private readonly record struct Slot(byte[]? Utf8, string? Text);
}
