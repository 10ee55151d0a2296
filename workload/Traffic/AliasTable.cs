namespace Reco.Workload.Traffic;

/// <summary>Draws an index by weight in constant time (Walker 1977; built as Vose 1991).</summary>
internal sealed class AliasTable
{
    private readonly double[] _keep;
    private readonly int[] _alias;

    public AliasTable(ReadOnlySpan<double> weights)
    {
        ArgumentOutOfRangeException.ThrowIfZero(weights.Length);
        var sum = 0d;
        foreach (var weight in weights)
        {
            sum += weight;
        }

        _keep = new double[weights.Length];
        _alias = new int[weights.Length];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < weights.Length; i++)
        {
            _keep[i] = weights[i] * weights.Length / sum;
            (_keep[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var less = small.Pop();
            var more = large.Pop();
            _alias[less] = more;
            _keep[more] -= 1 - _keep[less];
            (_keep[more] < 1 ? small : large).Push(more);
        }

        // What is left differs from 1 only by rounding.
        foreach (var rest in small.Concat(large))
        {
            _keep[rest] = 1;
        }
    }

    public int Draw(SplitMix random)
    {
        var column = random.NextInt(_keep.Length);
        return random.NextDouble() < _keep[column] ? column : _alias[column];
    }

    /// <summary>
    /// A table over ranks 1..n with weight 1 / (rank + shift)^exponent (Zipf and Mandelbrot). The ranks are dealt to the indices at random, or in
    /// their order without <paramref name="random"/>.
    /// </summary>
    public static AliasTable Zipf(int count, double shift, double exponent, SplitMix? random = null)
    {
        var ranks = new int[count];
        for (var i = 0; i < count; i++)
        {
            ranks[i] = i + 1;
        }

        random?.Shuffle(ranks);
        return new AliasTable(Array.ConvertAll(ranks, rank => Math.Pow(rank + shift, -exponent)));
    }
}
