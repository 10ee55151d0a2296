namespace Reco.Core.Als;

/// <summary>
/// The part of a model that serving needs: item factors, their Gramian, and the hyper-parameters of the fold-in.
/// Immutable and safe to read from many threads.
/// </summary>
public sealed class ItemFactors
{
    /// <summary>The number of factors is a multiple of this.</summary>
    public const int FactorMultiple = 8;

    private readonly AlignedBuffer _values;
    private readonly double[] _scaledGramian;
    private readonly float[] _norms;

    /// <summary>Takes a copy of the values: <paramref name="items"/> rows of <paramref name="factors"/>.</summary>
    /// <exception cref="ArgumentException">The sizes do not fit, or a value is not finite, or a parameter is out of range.</exception>
    public ItemFactors(int items, int factors, ReadOnlySpan<float> values, FoldInParameters parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        if (factors <= 0 || factors % FactorMultiple != 0)
        {
            throw new ArgumentException($"Factors must be a multiple of {FactorMultiple} above 0, but is {factors}.", nameof(factors));
        }

        if (values.Length != (long)items * factors)
        {
            throw new ArgumentException(
                $"{items} items of {factors} factors need {(long)items * factors} values, not {values.Length}.", nameof(values));
        }

        if (!parameters.IsValid)
        {
            throw new ArgumentException($"Not usable for a fold-in: {parameters}.", nameof(parameters));
        }

        foreach (var value in values)
        {
            if (!float.IsFinite(value))
            {
                throw new ArgumentException("A factor is not finite.", nameof(values));
            }
        }

        Count = items;
        Factors = factors;
        Parameters = parameters;
        _values = new AlignedBuffer(values.Length);
        values.CopyTo(_values.Span);
        _norms = new float[items];
        for (var item = 0; item < items; item++)
        {
            _norms[item] = MathF.Sqrt(SimdMath.Dot(this[item], this[item]));
        }

        _scaledGramian = Als.Gramian.Of(_values.Span, factors, threads: 1);
        Als.Gramian.Scale(_scaledGramian, parameters.UnobservedWeight);
    }

    /// <summary>Items.</summary>
    public int Count { get; }

    /// <summary>Factors of an item.</summary>
    public int Factors { get; }

    /// <summary>The hyper-parameters that a fold-in needs.</summary>
    public FoldInParameters Parameters { get; }

    /// <summary>All factors, row-major, from a 64-byte boundary.</summary>
    public ReadOnlySpan<float> Values => _values.Span;

    /// <summary>The factors of one item.</summary>
    public ReadOnlySpan<float> this[int item] => Values.Slice(item * Factors, Factors);

    /// <summary>Each item's Euclidean length.</summary>
    public ReadOnlySpan<float> Norms => _norms;

    /// <summary>alpha0 * Y^T Y, row-major: what a fold-in starts from.</summary>
    public ReadOnlySpan<double> ScaledGramian => _scaledGramian;
}
