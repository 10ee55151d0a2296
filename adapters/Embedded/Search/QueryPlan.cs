namespace Reco.Adapters.Embedded.Search;

/// <summary>What a query's text asks for: its distinct words, each with the terms of the index that may stand for it.</summary>
internal sealed class QueryPlan
{
    /// <summary>Words beyond these are not looked at: 256 characters hold up to 128, and each costs a walk of its postings.</summary>
    public const int WordsMax = 32;

    /// <summary>Characters beyond these are not looked at.</summary>
    public const int TextCharactersMax = 256;

    /// <summary>Of more completions or corrections the commonest are taken.</summary>
    public const int AlternativesMax = 64;

    /// <summary>A single letter is not completed.</summary>
    public const int PrefixCharactersMin = 2;

    private readonly IndexSnapshot _snapshot;

    private QueryPlan(IndexSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>In the order of the text; none when the text has no letter and no digit.</summary>
    public List<TermChoice[]> Words { get; } = [];

    public static QueryPlan Make(string text, IndexSnapshot snapshot)
    {
        var plan = new QueryPlan(snapshot);
        var words = Read(text);
        for (var i = 0; i < words.Count; i++)
        {
            plan.Words.Add(plan.Choices(words[i], isLast: i == words.Count - 1));
        }

        return plan;
    }

    private static List<QueryWord> Read(string text)
    {
        var words = new List<QueryWord>();
        var cut = text.Length > TextCharactersMax ? text[..TextCharactersMax] : text;
        var reader = new TokenReader(Scripts.ComposeHangul(cut), stackalloc char[TokenReader.BufferCharacters], indexing: false);
        while (words.Count < WordsMax && reader.MoveNext())
        {
            var term = reader.Term.ToString();
            words.RemoveAll(word => word.Term == term);
            words.Add(new QueryWord(reader.Word.ToString(), term, reader.IsGram));
        }

        return words;
    }

    /// <summary>
    /// The word itself; for the last word, which may still be being typed, also what begins with it; and only when there is neither,
    /// what is one typo away, so that "boots" never finds books.
    /// </summary>
    private TermChoice[] Choices(QueryWord word, bool isLast)
    {
        var exact = new Dictionary<string, int>(StringComparer.Ordinal);
        Count(exact, word.Term);
        var completions = isLast && !word.IsGram && word.Text.Length >= PrefixCharactersMin ? Completions(word) : [];
        if (exact.Count > 0 || completions.Count > 0)
        {
            return [.. Weigh(exact, 1), .. Weigh(completions, Bm25.PrefixFactor, exact)];
        }

        return word.IsGram ? [] : [.. Weigh(Corrections(word), Bm25.TypoFactor)];
    }

    private Dictionary<string, int> Completions(QueryWord word)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var live in _snapshot.Segments)
        {
            var terms = live.Segment.Terms;
            var first = live.Segment.FirstTermFrom(word.Text);
            for (var i = first; i < terms.Length && terms[i].StartsWith(word.Text, StringComparison.Ordinal); i++)
            {
                if (terms[i] != word.Term)
                {
                    Count(found, terms[i], live.DocumentsWith(i));
                }
            }
        }

        return found;
    }

    private Dictionary<string, int> Corrections(QueryWord word)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = new HashSet<int>();
        foreach (var live in _snapshot.Segments)
        {
            numbers.Clear();
            if (OneTypo.CanBeMisspelt(word.Text))
            {
                OneTypo.Collect(live.Segment, word.Text, numbers);
            }

            if (OneTypo.CanBeMisspelt(word.Term) && word.Term != word.Text)
            {
                OneTypo.Collect(live.Segment, word.Term, numbers);
            }

            foreach (var number in numbers)
            {
                Count(found, live.Segment.Terms[number], live.DocumentsWith(number));
            }
        }

        return found;
    }

    private void Count(Dictionary<string, int> found, string term)
    {
        foreach (var live in _snapshot.Segments)
        {
            if (live.Segment.TermNumbers.TryGetValue(term, out var number))
            {
                Count(found, term, live.DocumentsWith(number));
            }
        }
    }

    private static void Count(Dictionary<string, int> found, string term, int documents)
    {
        if (documents > 0)
        {
            found[term] = found.GetValueOrDefault(term) + documents;
        }
    }

    /// <summary>
    /// Alternatives share the lowest inverse document frequency among them and the word itself, as Lucene blends them: the rarest
    /// completion is not the likeliest.
    /// </summary>
    private IEnumerable<TermChoice> Weigh(Dictionary<string, int> found, double factor, Dictionary<string, int>? exact = null)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var commonest = Math.Max(found.Values.Max(), exact is { Count: > 0 } ? exact.Values.Max() : 0);
        var weight = factor * Bm25.Idf(_snapshot.Count, commonest);
        return found
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(AlternativesMax)
            .Select(pair => new TermChoice(pair.Key, weight));
    }

    private sealed record QueryWord(string Text, string Term, bool IsGram);
}

/// <summary>A term that may stand for a word of the query, and what its saturated frequency is multiplied by.</summary>
internal readonly record struct TermChoice(string Term, double Weight);
