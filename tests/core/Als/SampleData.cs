using Reco.Core.Als;

namespace Reco.Core.Tests.Als;

/// <summary>Seeded matrices and models.</summary>
internal static class SampleData
{
    public static InteractionMatrix Random(int users, int items, double density, int seed)
    {
        var random = new Random(seed);
        var builder = new InteractionMatrixBuilder(items);
        for (var user = 0; user < users; user++)
        {
            var row = new List<WeightedItem>();
            for (var item = 0; item < items; item++)
            {
                if (random.NextDouble() < density)
                {
                    row.Add(new WeightedItem(item, 0.5f + (float)random.NextDouble() * 20));
                }
            }

            builder.AddRow(row.ToArray());
        }

        return builder.Build();
    }

    public static InteractionMatrix Of(int items, params WeightedItem[][] rows)
    {
        var builder = new InteractionMatrixBuilder(items);
        foreach (var row in rows)
        {
            builder.AddRow(row);
        }

        return builder.Build();
    }

    public static WeightedItem[] Row(InteractionMatrix matrix, int user) =>
        [.. matrix.ItemsOf(user).ToArray().Zip(matrix.WeightsOf(user).ToArray(), (item, weight) => new WeightedItem(item, weight))];

    /// <summary>Factors near 1/sqrt(factors), for tests that need no training.</summary>
    public static ItemFactors Factors(int items, int factors, int seed, FoldInParameters? parameters = null)
    {
        var random = new Random(seed);
        var values = new float[items * factors];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)((random.NextDouble() - 0.3) / Math.Sqrt(factors));
        }

        return new ItemFactors(items, factors, values, parameters ?? FoldInParameters.From(new AlsOptions()));
    }

    /// <summary>max |actual - expected| over max |expected|.</summary>
    public static double RelativeError(ReadOnlySpan<float> actual, double[][] expected)
    {
        var flat = expected.SelectMany(row => row).ToArray();
        Assert.Equal(flat.Length, actual.Length);
        var error = 0.0;
        for (var i = 0; i < flat.Length; i++)
        {
            error = Math.Max(error, Math.Abs(actual[i] - flat[i]));
        }

        return error / flat.Max(Math.Abs);
    }
}
