using System.Globalization;
using Reco.Workload.Purchases.Messages;

namespace Reco.Workload.Purchases.Consuming;

/// <summary>What one partition's messages add up to, up to an offset. Saved whole: the sums and the offset they belong to are never apart.</summary>
public sealed record PartitionState
{
    /// <summary>Offset of the next message.</summary>
    public long NextOffset { get; set; }

    /// <summary>Valid messages.</summary>
    public long Messages { get; set; }

    /// <summary>Messages that break a rule.</summary>
    public long Invalid { get; set; }

    /// <summary>Messages passed on to the recommender.</summary>
    public long Forwarded { get; set; }

    /// <summary>By stock code.</summary>
    public SortedDictionary<string, PurchaseSum> ByProduct { get; init; } = new(StringComparer.Ordinal);

    /// <summary>By country.</summary>
    public SortedDictionary<string, PurchaseSum> ByCountry { get; init; } = new(StringComparer.Ordinal);

    /// <summary>By day of the invoice, UTC, <c>2010-12-01</c>.</summary>
    public SortedDictionary<string, PurchaseSum> ByDay { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Counts a purchase.</summary>
    public void Add(Purchase purchase)
    {
        Messages++;
        Sum(ByProduct, purchase.StockCode).Add(purchase);
        Sum(ByCountry, purchase.Country).Add(purchase);
        Sum(ByDay, purchase.InvoiceDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Add(purchase);
    }

    /// <summary>Adds the sums of another partition; offsets of two partitions have no sum.</summary>
    public void Add(PartitionState other)
    {
        Messages += other.Messages;
        Invalid += other.Invalid;
        Forwarded += other.Forwarded;
        Merge(ByProduct, other.ByProduct);
        Merge(ByCountry, other.ByCountry);
        Merge(ByDay, other.ByDay);
    }

    private static void Merge(SortedDictionary<string, PurchaseSum> into, SortedDictionary<string, PurchaseSum> from)
    {
        foreach (var (key, sum) in from)
        {
            Sum(into, key).Add(sum);
        }
    }

    private static PurchaseSum Sum(SortedDictionary<string, PurchaseSum> sums, string key)
    {
        if (!sums.TryGetValue(key, out var sum))
        {
            sums.Add(key, sum = new PurchaseSum());
        }

        return sum;
    }
}

/// <summary>What purchases add up to. Returns are lines of their own and lower the revenue.</summary>
public sealed record PurchaseSum
{
    /// <summary>Lines sold.</summary>
    public long Sales { get; set; }

    /// <summary>Lines returned.</summary>
    public long Returns { get; set; }

    /// <summary>Pieces, returned ones taken off.</summary>
    public long Quantity { get; set; }

    /// <summary>Line totals, exactly.</summary>
    public decimal Revenue { get; set; }

    public void Add(Purchase purchase)
    {
        Sales += purchase.IsReturn ? 0 : 1;
        Returns += purchase.IsReturn ? 1 : 0;
        Quantity += purchase.Quantity;
        Revenue += purchase.LineTotal;
    }

    public void Add(PurchaseSum other)
    {
        Sales += other.Sales;
        Returns += other.Returns;
        Quantity += other.Quantity;
        Revenue += other.Revenue;
    }
}
