using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Reco.Core.Als;

/// <summary>
/// Vector kernels over rows whose length is a multiple of 8 (so of both 8 floats and 4 doubles: no tails). Vector256 is AVX2 + FMA on
/// x64 and two NEON vectors on Arm; where neither exists the same code runs in software.
/// </summary>
internal static class SimdMath
{
    /// <summary>a * b + c in one rounding where the machine has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> MultiplyAdd<T>(Vector256<T> a, Vector256<T> b, Vector256<T> c)
    {
        // The type tests are constants to the JIT: each instantiation keeps one branch.
        if (typeof(T) == typeof(float))
        {
            return Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();
        }

        if (typeof(T) == typeof(double))
        {
            return Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();
        }

        throw new NotSupportedException($"No kernel for {typeof(T)}.");
    }

    /// <summary>The inner product of two rows of equal length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Dot<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        Debug.Assert(left.Length == right.Length && left.Length % 8 == 0);
        ref var a = ref MemoryMarshal.GetReference(left);
        ref var b = ref MemoryMarshal.GetReference(right);
        var width = (nuint)Vector256<T>.Count;

        // Two sums, so that a multiply-add need not wait for the one before it.
        var even = Vector256<T>.Zero;
        var odd = Vector256<T>.Zero;
        nuint i = 0;
        for (; i + 2 * width <= (nuint)left.Length; i += 2 * width)
        {
            even = MultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), even);
            odd = MultiplyAdd(Vector256.LoadUnsafe(ref a, i + width), Vector256.LoadUnsafe(ref b, i + width), odd);
        }

        if (i < (nuint)left.Length)
        {
            even = MultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), even);
        }

        return Vector256.Sum(even + odd);
    }

    /// <summary>The inner product of two rows of equal length, in double precision.</summary>
    public static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<float> right)
    {
        Debug.Assert(left.Length == right.Length && left.Length % 8 == 0);
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (var i = 0; i < left.Length; i += Vector256<float>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(right[i..]));
            even = MultiplyAdd(Vector256.Create(left[i..]), lower, even);
            odd = MultiplyAdd(Vector256.Create(left[(i + Vector256<double>.Count)..]), upper, odd);
        }

        return Vector256.Sum(even + odd);
    }

    /// <summary>to := from.</summary>
    public static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        Debug.Assert(from.Length == to.Length && from.Length % 8 == 0);
        for (var i = 0; i < from.Length; i += Vector256<float>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(from[i..]));
            lower.CopyTo(to[i..]);
            upper.CopyTo(to[(i + Vector256<double>.Count)..]);
        }
    }

    /// <summary>target += factor * row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled<T>(Span<T> target, ReadOnlySpan<T> row, T factor)
    {
        Debug.Assert(target.Length == row.Length && row.Length % Vector256<T>.Count == 0);
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(row);
        var scale = Vector256.Create(factor);
        for (nuint i = 0; i < (nuint)row.Length; i += (nuint)Vector256<T>.Count)
        {
            MultiplyAdd(scale, Vector256.LoadUnsafe(ref from, i), Vector256.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
        }
    }

    /// <summary>
    /// upper += sign * R^T R, where R is <paramref name="rowCount"/> rows of <paramref name="size"/> values: only the upper triangle,
    /// and whole vectors on the diagonal, are computed. This is where training spends its time, so a tile of 4 x 2 vectors stays in
    /// registers over all rows: 6 loads feed 8 multiply-adds, which keeps both FMA ports busy.
    /// </summary>
    public static void AddOuterProducts<T>(Span<T> upper, ReadOnlySpan<T> rows, int rowCount, int size)
        where T : struct
    {
        for (var i = 0; i < size; i += TileRows)
        {
            UpdateTileRow(upper, rows, rowCount, size, i, subtract: false);
        }
    }

    /// <summary>Rows of a tile; divides every allowed size.</summary>
    public const int TileRows = 4;

    /// <summary>
    /// Rows i to i + 3 of <see cref="AddOuterProducts"/>, from the vector that holds the diagonal to the end of the row.
    /// </summary>
    public static void UpdateTileRow<T>(Span<T> upper, ReadOnlySpan<T> rows, int rowCount, int size, int i, bool subtract)
        where T : struct
    {
        Debug.Assert(size % 8 == 0 && upper.Length >= size * size && rows.Length >= rowCount * size);
        ref var target = ref MemoryMarshal.GetReference(upper);
        ref var source = ref MemoryMarshal.GetReference(rows);
        var width = Vector256<T>.Count;
        var column = i / width * width;
        for (; column + 2 * width <= size; column += 2 * width)
        {
            WideTile(ref target, ref source, rowCount, (nuint)size, (nuint)i, (nuint)column, subtract);
        }

        if (column < size)
        {
            NarrowTile(ref target, ref source, rowCount, (nuint)size, (nuint)i, (nuint)column, subtract);
        }
    }

    private static void WideTile<T>(ref T target, ref T rows, int rowCount, nuint size, nuint i, nuint column, bool subtract)
        where T : struct
    {
        var width = (nuint)Vector256<T>.Count;
        Vector256<T> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        ref var left = ref Unsafe.Add(ref rows, i);
        ref var right = ref Unsafe.Add(ref rows, column);
        for (var row = 0; row < rowCount; row++)
        {
            var first = Vector256.LoadUnsafe(ref right);
            var second = Vector256.LoadUnsafe(ref right, width);
            var a = Vector256.Create(left);
            a0 = MultiplyAdd(a, first, a0);
            a1 = MultiplyAdd(a, second, a1);
            var b = Vector256.Create(Unsafe.Add(ref left, 1));
            b0 = MultiplyAdd(b, first, b0);
            b1 = MultiplyAdd(b, second, b1);
            var c = Vector256.Create(Unsafe.Add(ref left, 2));
            c0 = MultiplyAdd(c, first, c0);
            c1 = MultiplyAdd(c, second, c1);
            var d = Vector256.Create(Unsafe.Add(ref left, 3));
            d0 = MultiplyAdd(d, first, d0);
            d1 = MultiplyAdd(d, second, d1);
            left = ref Unsafe.Add(ref left, size);
            right = ref Unsafe.Add(ref right, size);
        }

        ref var corner = ref Unsafe.Add(ref target, i * size + column);
        Combine(ref corner, 0, a0, subtract);
        Combine(ref corner, width, a1, subtract);
        Combine(ref corner, size, b0, subtract);
        Combine(ref corner, size + width, b1, subtract);
        Combine(ref corner, 2 * size, c0, subtract);
        Combine(ref corner, 2 * size + width, c1, subtract);
        Combine(ref corner, 3 * size, d0, subtract);
        Combine(ref corner, 3 * size + width, d1, subtract);
    }

    private static void NarrowTile<T>(ref T target, ref T rows, int rowCount, nuint size, nuint i, nuint column, bool subtract)
        where T : struct
    {
        Vector256<T> a0 = default, b0 = default, c0 = default, d0 = default;
        ref var left = ref Unsafe.Add(ref rows, i);
        ref var right = ref Unsafe.Add(ref rows, column);
        for (var row = 0; row < rowCount; row++)
        {
            var first = Vector256.LoadUnsafe(ref right);
            a0 = MultiplyAdd(Vector256.Create(left), first, a0);
            b0 = MultiplyAdd(Vector256.Create(Unsafe.Add(ref left, 1)), first, b0);
            c0 = MultiplyAdd(Vector256.Create(Unsafe.Add(ref left, 2)), first, c0);
            d0 = MultiplyAdd(Vector256.Create(Unsafe.Add(ref left, 3)), first, d0);
            left = ref Unsafe.Add(ref left, size);
            right = ref Unsafe.Add(ref right, size);
        }

        ref var corner = ref Unsafe.Add(ref target, i * size + column);
        Combine(ref corner, 0, a0, subtract);
        Combine(ref corner, size, b0, subtract);
        Combine(ref corner, 2 * size, c0, subtract);
        Combine(ref corner, 3 * size, d0, subtract);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine<T>(ref T corner, nuint offset, Vector256<T> sum, bool subtract)
    {
        var old = Vector256.LoadUnsafe(ref corner, offset);
        (subtract ? old - sum : old + sum).StoreUnsafe(ref corner, offset);
    }
}
