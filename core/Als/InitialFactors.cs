using Reco.Core.Hashing;

namespace Reco.Core.Als;

/// <summary>The item factors that training begins from.</summary>
internal static class InitialFactors
{
    /// <summary>One row an item: the warm start's where it knows the item, else random from the seed.</summary>
    /// <exception cref="ArgumentException">The warm start does not fit.</exception>
    public static float[] Of(int items, AlsOptions options, WarmStart? warmStart)
    {
        if (warmStart is not null)
        {
            Check(items, options, warmStart);
        }

        var values = new float[checked(items * options.Factors)];
        var deviation = options.InitialDeviation / Math.Sqrt(options.Factors);
        for (var item = 0; item < items; item++)
        {
            var row = values.AsSpan(item * options.Factors, options.Factors);
            var source = warmStart?.SourceItems[item] ?? -1;
            if (source >= 0)
            {
                warmStart!.Factors[source].CopyTo(row);
            }
            else
            {
                FillNormal(row, (uint)options.Seed, (ulong)item, deviation);
            }
        }

        return values;
    }

    private static void Check(int items, AlsOptions options, WarmStart warmStart)
    {
        if (warmStart.Factors.Factors != options.Factors)
        {
            throw new ArgumentException(
                $"The warm start has {warmStart.Factors.Factors} factors, the options ask for {options.Factors}.", nameof(warmStart));
        }

        if (warmStart.SourceItems.Length != items || warmStart.SourceItems.Any(source => source >= warmStart.Factors.Count))
        {
            throw new ArgumentException(
                $"The warm start must map each of {items} items to one of {warmStart.Factors.Count}, or to -1.", nameof(warmStart));
        }
    }

    /// <summary>Box-Muller on hashed counters: an item's start depends on the seed and its index alone.</summary>
    private static void FillNormal(Span<float> row, ulong seed, ulong item, double deviation)
    {
        var stream = StableHash.Combine(StableHash.Mix(seed + 1), item + 1);
        for (var i = 0; i < row.Length; i += 2)
        {
            var radius = deviation * Math.Sqrt(-2 * Math.Log(1 - Uniform(stream, i)));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * Uniform(stream, i + 1));
            row[i] = (float)(radius * cosine);
            row[i + 1] = (float)(radius * sine);
        }
    }

    /// <summary>A number in [0, 1), of 53 bits.</summary>
    private static double Uniform(ulong stream, int index) => (StableHash.Combine(stream, (ulong)index) >> 11) * (1.0 / (1UL << 53));
}
