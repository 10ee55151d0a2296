namespace Reco.Core.Trending;

/// <summary>What one product last reported.</summary>
public sealed class TrendingRow
{
    /// <summary>The product.</summary>
    public string ProductId { get; set; } = "";

    /// <summary>The time the three decayed sums refer to, milliseconds since the Unix epoch.</summary>
    public long ReferenceTimeMs { get; set; }

    /// <summary>Weighted events with the short half-life.</summary>
    public double Short { get; set; }

    /// <summary>Weighted events with the baseline's half-life.</summary>
    public double Long { get; set; }

    /// <summary>Weighted events with the popularity half-life.</summary>
    public double Popularity { get; set; }

    /// <summary>All events ever, by kind.</summary>
    public long[] Counts { get; set; } = [];

    /// <summary>All revenue ever.</summary>
    public decimal Revenue { get; set; }

    internal bool SameAs(TrendingRow other) =>
        ProductId == other.ProductId && ReferenceTimeMs == other.ReferenceTimeMs && Short.Equals(other.Short) && Long.Equals(other.Long)
        && Popularity.Equals(other.Popularity) && Revenue == other.Revenue && Counts.AsSpan().SequenceEqual(other.Counts);

    internal void ThrowUnlessValid()
    {
        ArgumentException.ThrowIfNullOrEmpty(ProductId);
        ThrowUnlessSum(Short);
        ThrowUnlessSum(Long);
        ThrowUnlessSum(Popularity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Counts.Length, Windows.WindowShape.KindsMax, nameof(Counts));
        foreach (var count in Counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(Counts));
        }
    }

    private static void ThrowUnlessSum(double value)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "a decayed sum is a finite number of 0 or more");
        }
    }
}

/// <summary>A product and the score that ranks it.</summary>
public readonly record struct RankedId(string ProductId, double Score);

/// <summary>Sums over all rows as they were last reported.</summary>
public sealed record BoardTotals
{
    /// <summary>Products with a row.</summary>
    public required int Products { get; init; }

    /// <summary>All events ever, by kind.</summary>
    public required long[] Counts { get; init; }

    /// <summary>All revenue ever.</summary>
    public required decimal Revenue { get; init; }
}
