using Reco.Core.Ports;

namespace Reco.Adapters.Embedded.Search;

/// <summary>Adds up a facet's counts over segments, which number their values differently.</summary>
internal sealed class FacetCounter
{
    /// <summary>Longest facet that is answered; the commonest values are kept.</summary>
    public const int ValuesMax = 100;

    private readonly Dictionary<string, (string Value, int Count)> _counts = new(StringComparer.OrdinalIgnoreCase);

    public void Add(FacetColumn column, ReadOnlySpan<int> counts)
    {
        for (var number = 0; number < column.Values.Length; number++)
        {
            var value = column.Values[number];
            if (counts[number] > 0 && value.Length > 0)
            {
                var known = _counts.GetValueOrDefault(value, (value, 0));
                var spelling = string.CompareOrdinal(value, known.Item1) < 0 ? value : known.Item1;
                _counts[value] = (spelling, known.Item2 + counts[number]);
            }
        }
    }

    /// <summary>Most first, then by value; a product without a value is in none.</summary>
    public IReadOnlyList<FacetCount> MostFirst() =>
    [
        .. _counts.Values
            .OrderByDescending(pair => pair.Count)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Take(ValuesMax)
            .Select(pair => new FacetCount(pair.Value, pair.Count)),
    ];
}
