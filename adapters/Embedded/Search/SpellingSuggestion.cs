namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// "Did you mean": for words of which the index has none, not even one typo away, the words that are two away. Every term is compared, which is
/// some milliseconds for the terms of 100,000 products; it happens only where there would be nothing to show.
/// </summary>
internal static class SpellingSuggestion
{
    /// <summary>Two typos make any short word of any other.</summary>
    public const int WordCharactersMin = 5;

    private const int DistanceMax = 2;
    private const int WordsMax = 8;

    /// <summary>The words that may have been meant; null unless each has one.</summary>
    public static string? For(string text, IndexSnapshot snapshot)
    {
        var cut = text.Length > QueryPlan.TextCharactersMax ? text[..QueryPlan.TextCharactersMax] : text;
        var reader = new TokenReader(cut, stackalloc char[TokenReader.BufferCharacters], indexing: false);
        var words = new List<string>();
        while (reader.MoveNext())
        {
            if (words.Count == WordsMax || reader.IsGram || !OneTypo.CanBeMisspelt(reader.Word) || reader.Term.Length < WordCharactersMin
                || Nearest(reader.Term.ToString(), snapshot) is not { } term)
            {
                return null;
            }

            words.Add(AsWritten(term, snapshot));
        }

        return words.Count > 0 ? string.Join(' ', words) : null;
    }

    /// <summary>The nearest term that begins with the same letter, of several the commonest.</summary>
    private static string? Nearest(string word, IndexSnapshot snapshot)
    {
        var best = (Distance: DistanceMax + 1, Documents: 0, Term: (string?)null);
        foreach (var live in snapshot.Segments)
        {
            var terms = live.Segment.Terms;
            for (var i = live.Segment.FirstTermFrom(word.AsSpan(0, 1)); i < terms.Length && terms[i][0] == word[0]; i++)
            {
                if (Math.Abs(terms[i].Length - word.Length) > DistanceMax || Distance(word, terms[i]) is var distance && distance > best.Distance)
                {
                    continue;
                }

                var documents = live.DocumentsWith(i);
                var isBetter = distance < best.Distance || documents > best.Documents
                    || (documents == best.Documents && string.CompareOrdinal(terms[i], best.Term) < 0);
                if (documents > 0 && distance <= DistanceMax && isBetter)
                {
                    best = (distance, documents, terms[i]);
                }
            }
        }

        return best.Term;
    }

    /// <summary>Terms are stems: the word that a product has it from.</summary>
    private static string AsWritten(string term, IndexSnapshot snapshot)
    {
        foreach (var live in snapshot.Segments)
        {
            if (!live.Segment.TermNumbers.TryGetValue(term, out var number))
            {
                continue;
            }

            var documents = live.Segment.PostingDocuments.AsSpan(live.Segment.PostingStarts[number]..live.Segment.PostingStarts[number + 1]);
            foreach (var document in documents)
            {
                var product = live.Segment.Products[document];
                if (live.IsLive(document)
                    && (Find(product.Name, term) ?? Find(product.Brand, term) ?? Find(product.Category, term)) is { } word)
                {
                    return word;
                }
            }
        }

        return term;
    }

    private static string? Find(string text, string term)
    {
        var reader = new TokenReader(text, stackalloc char[TokenReader.BufferCharacters], indexing: true);
        while (reader.MoveNext())
        {
            if (reader.Term.SequenceEqual(term))
            {
                return reader.Word.ToString();
            }
        }

        return null;
    }

    /// <summary>Damerau's and Levenshtein's in its restricted form, in three rows; beyond the limit any larger number.</summary>
    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> rows = stackalloc int[3 * (TokenReader.WordCharactersMax + Folding.ExpansionMax + 1)];
        var width = b.Length + 1;
        var before = rows[..width];
        var last = rows[width..(2 * width)];
        var row = rows[(2 * width)..(3 * width)];
        for (var j = 0; j < width; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j < width; j++)
            {
                var distance = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    distance = Math.Min(distance, before[j - 2] + 1);
                }

                row[j] = distance;
                least = Math.Min(least, distance);
            }

            if (least > DistanceMax)
            {
                return least;
            }

            var oldest = before;
            before = last;
            last = row;
            row = oldest;
        }

        return last[b.Length];
    }
}
