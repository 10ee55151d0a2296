using System.Collections.Frozen;

namespace Reco.Core.Catalogue;

/// <summary>
/// A category for a product of which only a gift shop's description is known ("WHITE HANGING HEART T-LIGHT HOLDER").
/// <list type="number">
/// <item>A word of a season anywhere (Christmas, Easter, ...) decides.</item>
/// <item>Otherwise the last word or pair of words that names a kind of thing does, since English puts it last ("red retrospot CAKE
/// STAND"); what follows "with", "in", "for", "on" or "from" only describes and is looked at last ("mug WITH heart"). Motifs such as
/// hearts and flowers count only when no thing is named.</item>
/// <item>Otherwise it is <see cref="Fallback"/>.</item>
/// </list>
/// Plural and singular are the same word. The vocabulary is in <see cref="CategoryKeywords"/>.
/// </summary>
public static class CategoryGuess
{
    /// <summary>Where descriptions go that say nothing.</summary>
    public const string Fallback = "Gifts";

    private const int WordsMax = 64;

    private static readonly FrozenSet<string> Describers =
        new[] { "with", "w", "in", "for", "on", "from", "and" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Things = CategoryKeywords.ByKeyword(CategoryKeywords.Things);

    private static readonly FrozenDictionary<string, string> Motifs = CategoryKeywords.ByKeyword(CategoryKeywords.Motifs);

    private static readonly FrozenSet<string> Seasons =
        CategoryKeywords.Seasons.Select(Singular).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every category that can be answered, the fallback last.</summary>
    public static IReadOnlyList<string> Categories { get; } =
        [CategoryKeywords.Seasonal, .. CategoryKeywords.Things.Select(rule => rule.Category), Fallback];

    /// <summary>The category; never fails, whatever the text.</summary>
    public static string FromDescription(string? description)
    {
        var words = Words(description);
        if (words.Exists(Seasons.Contains))
        {
            return CategoryKeywords.Seasonal;
        }

        var describer = words.FindIndex(Math.Min(1, words.Count), Describers.Contains);
        var head = describer < 0 ? words.Count : describer;
        return LastKind(Things, words, 0, head)
            ?? LastKind(Things, words, head, words.Count)
            ?? LastKind(Motifs, words, 0, head)
            ?? LastKind(Motifs, words, head, words.Count)
            ?? Fallback;
    }

    internal static string Singular(string word) => word switch
    {
        _ when word.Length <= 3 || !word.EndsWith('s') || word.EndsWith("ss", StringComparison.Ordinal) => word,
        _ when word.EndsWith("xes", StringComparison.Ordinal) || word.EndsWith("ches", StringComparison.Ordinal)
            || word.EndsWith("shes", StringComparison.Ordinal) || word.EndsWith("sses", StringComparison.Ordinal) => word[..^2],
        _ => word[..^1],
    };

    private static string? LastKind(FrozenDictionary<string, string> keywords, List<string> words, int from, int to)
    {
        for (var i = to - 1; i >= from; i--)
        {
            if ((i > from && keywords.TryGetValue(words[i - 1] + " " + words[i], out var category))
                || keywords.TryGetValue(words[i], out category))
            {
                return category;
            }
        }

        return null;
    }

    /// <summary>Runs of letters, lower-case and singular; "t-light" and "t light" are "tlight".</summary>
    private static List<string> Words(string? text)
    {
        var words = new List<string>();
        var lower = (text ?? "").ToLowerInvariant().Replace("t-light", "tlight", StringComparison.Ordinal)
            .Replace("t light", "tlight", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
        for (var i = 0; i < lower.Length && words.Count < WordsMax; i++)
        {
            var start = i;
            while (i < lower.Length && char.IsLetter(lower[i]))
            {
                i++;
            }

            if (i > start)
            {
                words.Add(Singular(lower[start..i]));
            }
        }

        return words;
    }
}
