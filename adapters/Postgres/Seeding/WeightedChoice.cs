namespace Reco.Adapters.Postgres.Seeding;

/// <summary>Draws an index by weight: a binary search in the running sums.</summary>
internal sealed class WeightedChoice
{
    private readonly double[] _upTo;

    public WeightedChoice(IEnumerable<double> weights)
    {
        var sum = 0d;
        _upTo = [.. weights.Select(weight => sum += weight)];
        ArgumentOutOfRangeException.ThrowIfZero(_upTo.Length, nameof(weights));
    }

    public int Count => _upTo.Length;

    public int Draw(ref SeedingRandom random)
    {
        var at = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);

        // What is exactly a running sum belongs to the next index; the last one is never reached, but by rounding.
        return Math.Min(at < 0 ? ~at : at + 1, _upTo.Length - 1);
    }
}
