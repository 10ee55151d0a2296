using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Search;

/// <summary>Takes the documents that match a query's text, and makes the answer: filters, facets, total and page.</summary>
internal sealed class MatchCollector(SearchQuery query)
{
    private readonly TopHits _top = new(query.Offset + query.Limit);
    private readonly FacetCounter _categories = new();
    private readonly FacetCounter _brands = new();
    private readonly int[] _prices = new int[PriceRanges.Names.Length];
    private int _total;

    private Segment? _segment;
    private int[] _categoryCounts = [];
    private int[] _brandCounts = [];
    private int _wantedCategory;

    /// <summary>The documents that follow are of this segment.</summary>
    public void Enter(Segment segment)
    {
        Leave();
        _segment = segment;
        _categoryCounts = new int[segment.Categories.Values.Length];
        _brandCounts = new int[segment.Brands.Values.Length];
        _wantedCategory = Array.FindIndex(
            segment.Categories.Values, value => string.Equals(value, query.Category, StringComparison.OrdinalIgnoreCase));
    }

    public void Add(int document, double score)
    {
        var segment = _segment!;
        var price = segment.Prices[document];
        if (price < query.MinPrice || price > query.MaxPrice)
        {
            return;
        }

        // The category facet answers "and in the other categories?", so it counts before the category filter.
        var category = segment.Categories.NumberOf[document];
        _categoryCounts[category]++;
        if (query.Category is not null && category != _wantedCategory)
        {
            return;
        }

        _total++;
        _brandCounts[segment.Brands.NumberOf[document]]++;
        _prices[segment.PriceRangeOf[document]]++;
        _top.Offer(new Candidate(score, segment, document));
    }

    public SearchAnswer Answer()
    {
        Leave();
        var items = _top.InOrder()
            .Skip(query.Offset)
            .Select(hit => new SearchHit(hit.Segment.Products[hit.Document], hit.Score))
            .ToArray();
        return new SearchAnswer
        {
            Total = _total,
            Items = items,
            Facets = new SearchFacets
            {
                Categories = _categories.MostFirst(),
                Brands = _brands.MostFirst(),
                Prices = [.. PriceRanges.Names.Select((name, i) => new FacetCount(name, _prices[i]))],
            },
        };
    }

    private void Leave()
    {
        if (_segment is not null)
        {
            _categories.Add(_segment.Categories, _categoryCounts);
            _brands.Add(_segment.Brands, _brandCounts);
            _segment = null;
        }
    }
}
