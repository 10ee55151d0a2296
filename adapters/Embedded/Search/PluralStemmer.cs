using System.Collections.Frozen;

namespace Reco.Adapters.Embedded.Search;

/// <summary>
/// Brings English singular and plural together and nothing else ("phones" and "phone", "watches" and "watch", "batteries" and
/// "battery"): after Harman's S-stemmer (1991), with the endings that a shop's words need. The result is a key, not always a word:
/// "shoe" and "shoes" are both "sho".
/// </summary>
internal static class PluralStemmer
{
    // Plurals that no rule reaches, and singulars that look like plurals.
    private static readonly FrozenDictionary<string, string> Irregular = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["men"] = "man",
        ["women"] = "woman",
        ["children"] = "child",
        ["mice"] = "mouse",
        ["feet"] = "foot",
        ["teeth"] = "tooth",
        ["knives"] = "knif",
        ["knife"] = "knif",
        ["shelves"] = "shelf",
        ["scarves"] = "scarf",
        ["leaves"] = "leaf",
        ["wolves"] = "wolf",
        ["halves"] = "half",
        ["lens"] = "lens",
        ["lenses"] = "lens",
        ["bus"] = "bus",
        ["buses"] = "bus",
        ["gas"] = "gas",
        ["series"] = "series",
        ["christmas"] = "christmas",
        ["canvas"] = "canvas",
        ["canvases"] = "canvas",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> IrregularBySpan =
        Irregular.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Writes the stem of a folded word, never longer than the word, and answers its length.</summary>
    public static int Stem(ReadOnlySpan<char> word, Span<char> destination)
    {
        if (IrregularBySpan.TryGetValue(word, out var irregular))
        {
            irregular.CopyTo(destination);
            return irregular.Length;
        }

        word.CopyTo(destination);
        var length = WithoutPluralS(word);
        var stem = destination[..length];
        if (length >= 5 && stem.EndsWith("ie"))
        {
            // cookie(s) and battery, batteries meet at -y; tie(s) and pie(s) are too short to be touched.
            destination[length - 2] = 'y';
            return length - 1;
        }

        return length >= 4 && stem[^1] == 'e' && TakesEs(stem[..^1]) ? length - 1 : length;
    }

    private static int WithoutPluralS(ReadOnlySpan<char> word) =>
        word.Length >= 3 && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') && !char.IsAsciiDigit(word[^2])
            ? word.Length - 1
            : word.Length;

    /// <summary>Whether the plural is made with -es, so that "dish" and "dishes" meet only without the e.</summary>
    private static bool TakesEs(ReadOnlySpan<char> word) =>
        word[^1] is 'x' or 'z' or 'o' || word.EndsWith("ch") || word.EndsWith("sh") || word.EndsWith("ss");
}
