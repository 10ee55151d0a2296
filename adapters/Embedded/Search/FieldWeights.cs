namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// What one occurrence of a term counts in a field of a given length: the field's weight over its length norm. The average lengths
/// are the snapshot's, so these are worked out once for each snapshot and scoring needs no division but the last.
/// </summary>
internal sealed class FieldWeights
{
    private readonly double[] _name;
    private readonly double[] _brand;
    private readonly double[] _category;

    private FieldWeights(double[] name, double[] brand, double[] category)
    {
        _name = name;
        _brand = brand;
        _category = category;
    }

    public static FieldWeights Of(IReadOnlyCollection<LiveSegment> segments, int documents) => new(
        ByLength(Bm25.NameWeight, segments.Sum(s => s.Totals.Name), documents, segments.Select(s => s.LengthsMax.Name)),
        ByLength(Bm25.BrandWeight, segments.Sum(s => s.Totals.Brand), documents, segments.Select(s => s.LengthsMax.Brand)),
        ByLength(Bm25.CategoryWeight, segments.Sum(s => s.Totals.Category), documents, segments.Select(s => s.LengthsMax.Category)));

    /// <summary>The term's weighted frequency in a product with fields of these lengths.</summary>
    public double Frequency(in FieldCounts occurrences, in FieldCounts lengths) =>
        (occurrences.Name * _name[lengths.Name])
        + (occurrences.Brand * _brand[lengths.Brand])
        + (occurrences.Category * _category[lengths.Category]);

    private static double[] ByLength(double weight, long total, int documents, IEnumerable<ushort> lengthsMax)
    {
        var average = documents > 0 ? (double)total / documents : 0;
        var weights = new double[lengthsMax.DefaultIfEmpty().Max() + 1];
        for (var length = 0; length < weights.Length; length++)
        {
            weights[length] = weight / Bm25.LengthNorm(length, average);
        }

        return weights;
    }
}
