using Reco.Adapters.Embedded.Search;
using Reco.Core.Catalogue;
using Reco.Core.Ports;

namespace Reco.Adapters.Tests.Embedded.Search;

/// <summary>The slow and obvious search: every product is read for every query, and scored by the formula as it is written.</summary>
internal sealed class SearchOracle
{
    private static readonly double[] Weights = [3, 2, 1];

    private readonly List<Entry> _entries;
    private readonly HashSet<string> _vocabulary;

    public SearchOracle(IEnumerable<Product> products)
    {
        _entries = [.. products.OrderBy(product => product.Id, StringComparer.Ordinal).Select(Read)];
        _vocabulary = [.. _entries.SelectMany(entry => entry.Fields).SelectMany(field => field)];
    }

    public (int Total, List<(string Id, double Score)> Items, List<FacetCount> Categories) Search(SearchQuery query)
    {
        var matches = string.IsNullOrWhiteSpace(query.Text) ? _entries.Select(entry => (Entry: entry, Score: 0.0)) : Matching(query.Text);
        var inPrice = matches
            .Where(match => query.MinPrice is null || match.Entry.Product.Price >= query.MinPrice)
            .Where(match => query.MaxPrice is null || match.Entry.Product.Price <= query.MaxPrice)
            .ToList();
        var all = inPrice
            .Where(match => query.Category is null
                || string.Equals(match.Entry.Product.Category, query.Category, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(match => Math.Round(match.Score, 9))
            .ThenBy(match => match.Entry.Product.Id, StringComparer.Ordinal)
            .ToList();
        var categories = inPrice.GroupBy(match => match.Entry.Product.Category)
            .Select(group => new FacetCount(group.Key, group.Count()))
            .OrderByDescending(facet => facet.Count)
            .ThenBy(facet => facet.Value, StringComparer.Ordinal);
        var page = all.Skip(query.Offset).Take(query.Limit).Select(match => (match.Entry.Product.Id, match.Score));
        return (all.Count, [.. page], [.. categories]);
    }

    /// <summary>Optimal string alignment, by its table.</summary>
    public static int Distance(string first, string second)
    {
        var table = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replaced = table[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[first.Length, second.Length];
    }

    private IEnumerable<(Entry Entry, double Score)> Matching(string text)
    {
        var words = Tokens(text, indexing: false).GroupBy(word => word.Term).Select(group => group.Last()).ToList();
        var last = Tokens(text, indexing: false).LastOrDefault();
        words = [.. words.Where(word => word.Term != last.Term), last];
        var scored = _entries
            .Select(entry => (Entry: entry, Scores: words.Select(word => Score(entry, word, word == last)).ToList()))
            .Select(match => (match.Entry, Words: match.Scores.Count(score => score > 0), Score: match.Scores.Sum()))
            .ToList();
        var most = scored.Select(match => match.Words).DefaultIfEmpty().Max();
        return scored.Where(match => match.Words > 0 && match.Words == most).Select(match => (match.Entry, match.Score));
    }

    private double Score(Entry entry, (string Word, string Term) word, bool isLast)
    {
        if (string.IsNullOrEmpty(word.Term))
        {
            return 0;
        }

        var completions = _vocabulary
            .Where(term => isLast && word.Word.Length >= 2 && term != word.Term && term.StartsWith(word.Word, StringComparison.Ordinal))
            .ToList();
        var exact = _vocabulary.Contains(word.Term);
        if (exact || completions.Count > 0)
        {
            var commonest = completions.Append(word.Term).Max(Containing);
            return completions.Select(term => 0.5 * Idf(commonest) * Saturated(entry, term))
                .Append(exact ? Idf(Containing(word.Term)) * Saturated(entry, word.Term) : 0)
                .Max();
        }

        var corrections = _vocabulary.Where(term => term.All(char.IsLetter) && IsOneTypo(word, term)).ToList();
        return corrections.Count == 0 ? 0 : corrections.Max(term => 0.25 * Idf(corrections.Max(Containing)) * Saturated(entry, term));
    }

    private static bool IsOneTypo((string Word, string Term) word, string term) =>
        new[] { word.Word, word.Term }.Any(text => text.Length >= 4 && text.All(char.IsLetter) && Distance(text, term) == 1);

    private int Containing(string term) => _entries.Count(entry => entry.Fields.Any(field => field.Contains(term)));

    private double Idf(int containing) => Math.Log(1 + ((_entries.Count - containing + 0.5) / (containing + 0.5)));

    private double Saturated(Entry entry, string term)
    {
        var frequency = 0.0;
        for (var field = 0; field < 3; field++)
        {
            var average = _entries.Average(other => other.Fields[field].Count);
            var norm = average > 0 ? 1 - 0.75 + (0.75 * entry.Fields[field].Count / average) : 1;
            frequency += Weights[field] * entry.Fields[field].Count(other => other == term) / norm;
        }

        return frequency / (1.2 + frequency);
    }

    private static Entry Read(Product product) => new(
        product,
        [.. new[] { product.Name, product.Brand, product.Category }.Select(Terms)]);

    private static List<string> Terms(string text) => Tokens(text, indexing: true).ConvertAll(word => word.Term);

    private static List<(string Word, string Term)> Tokens(string text, bool indexing)
    {
        var tokens = new List<(string, string)>();
        var reader = new TokenReader(text, new char[TokenReader.BufferCharacters], indexing);
        while (reader.MoveNext())
        {
            tokens.Add((reader.Word.ToString(), reader.Term.ToString()));
        }

        return tokens;
    }

    private sealed record Entry(Product Product, List<string>[] Fields);
}
