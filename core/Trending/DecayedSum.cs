namespace Reco.Core.Trending;

/// <summary>
/// A sum of weights, each halved for every half-life since its event. Kept as its value at the time of the newest event, so it
/// never exceeds the plain sum however many years pass. Adding is commutative. The default is an empty sum.
/// </summary>
/// <param name="Value">The sum at <paramref name="ReferenceTimeMs"/>.</param>
/// <param name="ReferenceTimeMs">Milliseconds since the Unix epoch; means nothing while the value is 0.</param>
public readonly record struct DecayedSum(double Value, long ReferenceTimeMs)
{
    /// <summary>The sum with one event more. An event older than the reference is added with what is left of it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not a number, or the half-life is not above 0.</exception>
    public DecayedSum Add(double weight, long timeMs, double halfLifeMs)
    {
        if (!(weight >= 0 && double.IsFinite(weight)))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "must be a finite number of 0 or more");
        }

        if (weight == 0)
        {
            return this;
        }

        if (Value == 0)
        {
            return new DecayedSum(weight, timeMs);
        }

        return timeMs >= ReferenceTimeMs
            ? new DecayedSum((Value * Factor((double)timeMs - ReferenceTimeMs, halfLifeMs)) + weight, timeMs)
            : this with { Value = Value + (weight * Factor((double)ReferenceTimeMs - timeMs, halfLifeMs)) };
    }

    /// <summary>The sum at a time; before the newest event it is the value at that event, never more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The half-life is not above 0.</exception>
    public double ValueAt(long timeMs, double halfLifeMs) =>
        timeMs <= ReferenceTimeMs || Value == 0 ? Value : Value * Factor((double)timeMs - ReferenceTimeMs, halfLifeMs);

    /// <summary>What is left of 1 after some time: 2^(-elapsed / half-life).</summary>
    internal static double Factor(double elapsedMs, double halfLifeMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeMs);
        return elapsedMs <= 0 ? 1 : Math.Exp(-Ln2 * elapsedMs / halfLifeMs);
    }

    private const double Ln2 = 0.693147180559945309;
}
