using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Reco.Core.Als;

/// <summary>
/// A x = b for a symmetric positive definite A of a few dozen rows: A = base + sum of c y y^T, b = sum of c y, by Cholesky. float for
/// training, double for fold-in and for rows that float cannot factorise. An instance is a workspace to be reused;
/// not thread-safe.
/// </summary>
/// <remarks>
/// Why Cholesky and not conjugate gradient or block steps: it is exact, so the loss cannot rise, the oracle is met in one sweep, the
/// result does not depend on the warm start's tolerance, and at 64 factors it is not the bottleneck. A row of n observations costs
/// n * k^2 / 2 multiply-adds for A, in a register-blocked kernel near the machine's peak, and k^3 / 6 for the factorisation; three steps of
/// conjugate gradient cost fewer, but at the speed of memory.
/// </remarks>
internal sealed class SymmetricSystem<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows gathered before they are multiplied: with A they stay within a 32 KiB first-level cache at 64 factors.</summary>
    private const int BlockRows = 48;

    private readonly int _size;
    private readonly T[] _upper;
    private readonly T[] _gathered;
    private readonly T[] _right;
    private readonly T[] _diagonal;
    private readonly T[] _inversePivots;
    private int _gatheredRows;

    public SymmetricSystem(int size)
    {
        _size = size;
        _upper = new T[size * size];
        _gathered = new T[BlockRows * size];
        _right = new T[size];
        _diagonal = new T[size];
        _inversePivots = new T[size];
    }

    public int Size => _size;

    /// <summary>A := base + ridge * I, b := 0.</summary>
    public void Begin(ReadOnlySpan<T> baseMatrix, T ridge)
    {
        baseMatrix.CopyTo(_upper);
        for (var i = 0; i < _size; i++)
        {
            _upper[i * _size + i] += ridge;
        }

        _right.AsSpan().Clear();
        _gatheredRows = 0;
    }

    /// <summary>A += c y y^T, b += c y.</summary>
    public void Add(ReadOnlySpan<float> vector, T confidence)
    {
        if (_gatheredRows == BlockRows)
        {
            Multiply();
        }

        // sqrt(c) y, so that one copy of the row serves both sides of the product.
        var root = T.Sqrt(confidence);
        var row = _gathered.AsSpan(_gatheredRows++ * _size, _size);
        Scale(vector, row, root);
        SimdMath.AddScaled(_right.AsSpan(), row, root);
    }

    /// <summary>
    /// Factorises A in place; false when it is not positive definite to this precision. Then <see cref="Begin"/> again.
    /// </summary>
    public bool TryFactorize()
    {
        Multiply();
        for (var i = 0; i < _size; i++)
        {
            _diagonal[i] = _upper[i * _size + i];
        }

        for (var panel = 0; panel < _size; panel += SimdMath.TileRows)
        {
            // Left-looking: all finished rows above are subtracted from this panel at once, by the kernel that built A.
            SimdMath.UpdateTileRow(_upper, _upper, panel, _size, panel, subtract: true);
            for (var row = panel; row < panel + SimdMath.TileRows; row++)
            {
                if (!TryFinishRow(row, panel + SimdMath.TileRows))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>x with A x = b, once factorised.</summary>
    public void SolveRight(Span<T> solution) => Solve(_right, solution);

    /// <summary>x with A x = <paramref name="right"/>, once factorised. <paramref name="right"/> is overwritten.</summary>
    public void Solve(Span<T> right, Span<T> solution)
    {
        var width = Vector256<T>.Count;
        for (var i = 0; i < _size; i++)
        {
            // Entries before the diagonal are zero (TryFinishRow), so whole vectors may be used.
            var value = right[i] * _inversePivots[i];
            var from = i / width * width;
            SimdMath.AddScaled(right[from..], _upper.AsSpan(i * _size + from, _size - from), -value);
            right[i] = value;
        }

        solution.Clear();
        for (var i = _size - 1; i >= 0; i--)
        {
            var row = _upper.AsSpan(i * _size, _size);
            var from = i / width * width;
            var accumulated = Vector256<T>.Zero;
            for (var j = from; j < _size; j += width)
            {
                accumulated = SimdMath.MultiplyAdd(Vector256.Create<T>(row[j..]), Vector256.Create<T>(solution[j..]), accumulated);
            }

            solution[i] = (right[i] - Vector256.Sum(accumulated)) * _inversePivots[i];
        }
    }

    private bool TryFinishRow(int row, int panelEnd)
    {
        var width = Vector256<T>.Count;
        var from = row / width * width;
        var pivot = _upper[row * _size + row];

        // Below this what is left of the pivot is rounding.
        if (!(pivot > T.Epsilon && pivot > T.CreateChecked(64) * UnitRoundoff * _diagonal[row]))
        {
            return false;
        }

        var inverse = T.One / T.Sqrt(pivot);
        var values = _upper.AsSpan(row * _size + from, _size - from);
        _inversePivots[row] = inverse;
        for (var j = 0; j < values.Length; j += width)
        {
            (Vector256.Create<T>(values[j..]) * inverse).CopyTo(values[j..]);
        }

        values[..(row - from)].Clear();
        for (var below = row + 1; below < panelEnd; below++)
        {
            var start = below / width * width;
            var factor = _upper[row * _size + below];
            var target = _upper.AsSpan(below * _size + start, _size - start);
            SimdMath.AddScaled(target, _upper.AsSpan(row * _size + start, _size - start), -factor);
        }

        return true;
    }

    private static T UnitRoundoff => typeof(T) == typeof(float) ? T.CreateChecked(5.96e-8) : T.CreateChecked(1.11e-16);

    private void Multiply()
    {
        SimdMath.AddOuterProducts(_upper, _gathered, _gatheredRows, _size);
        _gatheredRows = 0;
    }

    private static void Scale(ReadOnlySpan<float> from, Span<T> to, T factor)
    {
        if (typeof(T) == typeof(float))
        {
            var scale = float.CreateTruncating(factor);
            var target = MemoryMarshal.Cast<T, float>(to);
            for (var i = 0; i < from.Length; i += Vector256<float>.Count)
            {
                (Vector256.Create(from[i..]) * scale).CopyTo(target[i..]);
            }

            return;
        }

        var wide = MemoryMarshal.Cast<T, double>(to);
        SimdMath.Widen(from, wide);
        var by = double.CreateTruncating(factor);
        for (var i = 0; i < wide.Length; i += Vector256<double>.Count)
        {
            (Vector256.Create<double>(wide[i..]) * by).CopyTo(wide[i..]);
        }
    }
}
