namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Terms that one slip of the keyboard turns into the word: a letter too many, too few, wrong, or two swapped (a distance of one of
/// Damerau and Levenshtein). Every such term is written out and looked up, as Norvig's corrector does: a word of 8 letters over 36
/// letters has some 650, at 20 ns each. No structure beside the term table is needed.
/// </summary>
internal static class OneTypo
{
    /// <summary>Shorter words are not corrected: too many words are one letter from "cup".</summary>
    public const int WordCharactersMin = 4;

    /// <summary>Words with digits are not corrected (2024 is not 2025), nor are pairs of characters.</summary>
    public static bool IsTypoLetter(char letter) =>
        letter < 0x1100 && char.IsLetter(letter);

    /// <summary>Whether the word may be a misspelt one.</summary>
    public static bool CanBeMisspelt(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (!IsTypoLetter(letter))
            {
                return false;
            }
        }

        return word.Length >= WordCharactersMin;
    }

    /// <summary>Adds the numbers of the segment's terms at a distance of one.</summary>
    public static void Collect(Segment segment, ReadOnlySpan<char> word, HashSet<int> found)
    {
        var terms = segment.TermNumbers.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> buffer = stackalloc char[TokenReader.WordCharactersMax + Folding.ExpansionMax + 1];
        Removals(terms, word, buffer, found);
        Swaps(terms, word, buffer, found);
        Replacements(terms, word, segment.Letters, buffer, found);
        Insertions(terms, word, segment.Letters, buffer, found);
    }

    private static void Removals(
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms, ReadOnlySpan<char> word, Span<char> buffer, HashSet<int> found)
    {
        var changed = buffer[..(word.Length - 1)];
        for (var i = 0; i < word.Length; i++)
        {
            word[..i].CopyTo(changed);
            word[(i + 1)..].CopyTo(changed[i..]);
            Look(terms, changed, word, found);
        }
    }

    private static void Swaps(
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms, ReadOnlySpan<char> word, Span<char> buffer, HashSet<int> found)
    {
        var changed = buffer[..word.Length];
        for (var i = 0; i + 1 < word.Length; i++)
        {
            word.CopyTo(changed);
            (changed[i], changed[i + 1]) = (changed[i + 1], changed[i]);
            Look(terms, changed, word, found);
        }
    }

    private static void Replacements(
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms,
        ReadOnlySpan<char> word, char[] letters, Span<char> buffer, HashSet<int> found)
    {
        var changed = buffer[..word.Length];
        word.CopyTo(changed);
        for (var i = 0; i < word.Length; i++)
        {
            foreach (var letter in letters)
            {
                changed[i] = letter;
                Look(terms, changed, word, found);
            }

            changed[i] = word[i];
        }
    }

    private static void Insertions(
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms,
        ReadOnlySpan<char> word, char[] letters, Span<char> buffer, HashSet<int> found)
    {
        var changed = buffer[..(word.Length + 1)];
        for (var i = 0; i <= word.Length; i++)
        {
            word[..i].CopyTo(changed);
            word[i..].CopyTo(changed[(i + 1)..]);
            foreach (var letter in letters)
            {
                changed[i] = letter;
                Look(terms, changed, word, found);
            }
        }
    }

    private static void Look(
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> terms,
        ReadOnlySpan<char> changed, ReadOnlySpan<char> word, HashSet<int> found)
    {
        if (terms.TryGetValue(changed, out var number) && !changed.SequenceEqual(word))
        {
            found.Add(number);
        }
    }
}
