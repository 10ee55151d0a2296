using System.Runtime.CompilerServices;

namespace Reco.Core.Als;

/// <summary>
/// Floats that begin on a 64-byte boundary, so that no vector load of a row straddles two cache lines. Pinned, because the collector
/// may otherwise move an array to an address with another remainder.
/// </summary>
internal sealed class AlignedBuffer
{
    private const int AlignmentBytes = 64;
    private readonly float[] _storage;
    private readonly int _start;
    private readonly int _length;

    public unsafe AlignedBuffer(int length)
    {
        _length = length;
        _storage = GC.AllocateArray<float>(length + AlignmentBytes / sizeof(float), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _storage[0]);
        _start = (int)((AlignmentBytes - address % AlignmentBytes) % AlignmentBytes / sizeof(float));
    }

    public Span<float> Span => _storage.AsSpan(_start, _length);
}
