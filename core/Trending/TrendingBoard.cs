namespace Reco.Core.Trending;

/// <summary>
/// The last report of every product, and the rankings made of them. Rows are kept sorted by product id, so that sums run in one
/// order and answers do not depend on who reported first. For one thread.
/// </summary>
/// <remarks>The property is the state as it is persisted; use the methods.</remarks>
public sealed partial class TrendingBoard
{
    /// <summary>One row a product, in ordinal order of the ids.</summary>
    public List<TrendingRow> Rows { get; set; } = [];

    /// <summary>Takes the row in place of the product's last one. The board keeps the object: do not change it afterwards.</summary>
    /// <returns>False when it was the same row, and nothing changed.</returns>
    /// <exception cref="ArgumentException">No product, or a sum that is negative or not finite.</exception>
    public bool Replace(TrendingRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        row.ThrowUnlessValid();
        var index = IndexOf(row.ProductId);
        if (index < 0)
        {
            Rows.Insert(~index, row);
            return true;
        }

        if (Rows[index].SameAs(row))
        {
            return false;
        }

        Rows[index] = row;
        return true;
    }

    /// <summary>How busy the shop is against its own past; 1 when it is as usual.</summary>
    public double LoadAt(long nowMs, TrendingOptions options)
    {
        var scorer = new TrendScore(options);
        return Load(nowMs, options, scorer);
    }

    /// <summary>
    /// The products that trend, best first, ties in ordinal order of the ids; fewer than asked for when no more reach
    /// <see cref="TrendingOptions.ScoreMin"/>. Products outside the filter count for the shop's load all the same.
    /// </summary>
    public RankedId[] Top(long nowMs, int limit, TrendingOptions options, Predicate<string>? filter = null)
    {
        var scorer = new TrendScore(options);
        var load = Load(nowMs, options, scorer);
        var (hs, hl) = (options.ShortHalfLife.TotalMilliseconds, options.BaselineHalfLife.TotalMilliseconds);
        var ranking = new TopRanking(limit, options.ScoreMin, filter);
        foreach (var row in Rows)
        {
            var elapsedMs = (double)nowMs - row.ReferenceTimeMs;
            var shortSum = row.Short * DecayedSum.Factor(elapsedMs, hs);
            var longSum = row.Long * DecayedSum.Factor(elapsedMs, hl);
            ranking.Offer(row.ProductId, scorer.Of(shortSum, longSum, load));
        }

        return ranking.Finish();
    }

    /// <summary>The products with the greatest popularity, best first, ties in ordinal order of the ids; none at 0.</summary>
    public RankedId[] TopPopular(long nowMs, int limit, PopularityOptions options, Predicate<string>? filter = null)
    {
        var halfLifeMs = options.HalfLife.TotalMilliseconds;
        var ranking = new TopRanking(limit, double.Epsilon, filter);
        foreach (var row in Rows)
        {
            ranking.Offer(row.ProductId, row.Popularity * DecayedSum.Factor((double)nowMs - row.ReferenceTimeMs, halfLifeMs));
        }

        return ranking.Finish();
    }

    /// <summary>Sums over all rows.</summary>
    public BoardTotals Totals()
    {
        var counts = new long[Rows.Count == 0 ? 0 : Rows.Max(r => r.Counts.Length)];
        var revenue = 0m;
        foreach (var row in Rows)
        {
            revenue += row.Revenue;
            for (var kind = 0; kind < row.Counts.Length; kind++)
            {
                counts[kind] += row.Counts[kind];
            }
        }

        return new BoardTotals { Products = Rows.Count, Counts = counts, Revenue = revenue };
    }

    private double Load(long nowMs, TrendingOptions options, TrendScore scorer)
    {
        var (hs, hl) = (options.ShortHalfLife.TotalMilliseconds, options.BaselineHalfLife.TotalMilliseconds);
        var (totalShort, totalBaseline) = (0.0, 0.0);
        foreach (var row in Rows)
        {
            var elapsedMs = (double)nowMs - row.ReferenceTimeMs;
            var shortSum = row.Short * DecayedSum.Factor(elapsedMs, hs);
            totalShort += shortSum;
            totalBaseline += TrendScore.Baseline(shortSum, row.Long * DecayedSum.Factor(elapsedMs, hl));
        }

        return scorer.Load(totalShort, totalBaseline);
    }

    private int IndexOf(string productId)
    {
        var (low, high) = (0, Rows.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = string.CompareOrdinal(Rows[middle].ProductId, productId);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
