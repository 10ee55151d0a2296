using Reco.Core.Catalogue;

namespace Reco.Workload.Retail;

/// <summary>
/// The products of a file's clean purchases: the latest description that is not empty, the median price of a line, and a category
/// guessed from the description. Holds the distinct prices of each product, not the rows.
/// </summary>
public sealed class RetailCatalogue
{
    private readonly Dictionary<string, Draft> _drafts = new(StringComparer.Ordinal);

    /// <summary>Takes the rows that are clean purchases into account, others not: stock corrections are described as "damaged" or "?".</summary>
    public void Add(in RetailRecord record)
    {
        if (record is not { Skip: RetailSkip.None, Value: { } row })
        {
            return;
        }

        if (!_drafts.TryGetValue(row.StockCode, out var draft))
        {
            _drafts.Add(row.StockCode, draft = new Draft());
        }

        draft.Add(row);
    }

    /// <summary>The products, by id.</summary>
    public IReadOnlyList<Product> Build() => [.. _drafts
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => new Product
        {
            Id = pair.Key,
            Name = ReadableName.From(pair.Value.Description) is { Length: > 0 } name ? name : pair.Key,
            Category = CategoryGuess.FromDescription(pair.Value.Description),
            Price = pair.Value.MedianPrice(),
        })];

    private sealed class Draft
    {
        private readonly SortedDictionary<decimal, long> _linesByPrice = [];
        private long _lines;
        private long _describedAtMs = long.MinValue;

        public string Description { get; private set; } = "";

        public void Add(RetailRow row)
        {
            _linesByPrice[row.UnitPrice] = _linesByPrice.GetValueOrDefault(row.UnitPrice) + 1;
            _lines++;
            if (row.Description.Length > 0 && row.InvoiceDateMs >= _describedAtMs)
            {
                Description = row.Description;
                _describedAtMs = row.InvoiceDateMs;
            }
        }

        /// <summary>The middle price, or the mean of the middle two.</summary>
        public decimal MedianPrice() => (PriceAt((_lines - 1) / 2) + PriceAt(_lines / 2)) / 2;

        private decimal PriceAt(long place)
        {
            foreach (var (price, lines) in _linesByPrice)
            {
                if (place < lines)
                {
                    return price;
                }

                place -= lines;
            }

            throw new InvalidOperationException("a product has at least one line");
        }
    }
}
