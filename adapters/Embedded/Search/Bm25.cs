namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// BM25F in its simple form (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.6): the weighted sum of
/// the term's frequency in each field, each normalised by the field's length, is saturated once.
/// </summary>
internal static class Bm25
{
    /// <summary>How soon more occurrences stop to matter; the usual 1.2.</summary>
    public const double K1 = 1.2;

    /// <summary>How much a field's length counts; the usual 0.75.</summary>
    public const double B = 0.75;

    /// <summary>A word of the name says most about a product, its category least.</summary>
    public const double NameWeight = 3;

    /// <summary>Weight of the brand.</summary>
    public const double BrandWeight = 2;

    /// <summary>Weight of the category.</summary>
    public const double CategoryWeight = 1;

    /// <summary>A word that only begins with what was typed counts this much of one that is what was typed.</summary>
    public const double PrefixFactor = 0.5;

    /// <summary>A word one typo away counts this much.</summary>
    public const double TypoFactor = 0.25;

    /// <summary>Inverse document frequency as Lucene has it: never negative.</summary>
    public static double Idf(int documents, int containing) => Math.Log(1 + ((documents - containing + 0.5) / (containing + 0.5)));

    /// <summary>What a frequency in a field of this length is divided by.</summary>
    public static double LengthNorm(int length, double averageLength) =>
        averageLength > 0 ? 1 - B + (B * length / averageLength) : 1;

    /// <summary>0 to 1.</summary>
    public static double Saturate(double frequency) => frequency / (K1 + frequency);
}
