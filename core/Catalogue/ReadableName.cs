using System.Text;

namespace Reco.Core.Catalogue;

/// <summary>
/// Makes a name to show of an export's ALL-CAPS description: "SET/6 RED SPOTTY PAPER  PLATES." becomes "Set of 6 Red Spotty Paper
/// Plates". Text that already has lower-case words of its own keeps its letters; only its spacing is cleaned.
/// </summary>
public static class ReadableName
{
    private static readonly HashSet<string> SmallWords = new(StringComparer.Ordinal)
    {
        "a", "an", "and", "at", "by", "de", "des", "du", "for", "from", "in", "of", "on", "or", "the", "to", "with",
    };

    private static readonly HashSet<string> Capitals = new(StringComparer.Ordinal) { "uk", "usa", "tv", "led", "diy", "cd", "dvd", "xl" };

    private static readonly HashSet<string> Units = new(StringComparer.Ordinal) { "cm", "mm", "m", "g", "kg", "ml", "l", "pc", "pcs", "s" };

    private const string Starters = "-/+\"(&,.:";

    /// <summary>The name; empty when the text has nothing but spaces and full stops. At most 256 characters.</summary>
    public static string From(string? description)
    {
        var text = Tidy(description ?? "");
        if (HasLowerCaseWord(text))
        {
            return Cut(text);
        }

        var result = new StringBuilder(text.Length + 8);
        var words = text.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = Expand(words[i]);
            if (i > 0)
            {
                result.Append(' ');
            }

            result.Append(i > 0 && i < words.Length - 1 && SmallWords.Contains(word) ? word : Capitalise(word));
        }

        return Cut(result.ToString());
    }

    /// <summary>"set/6" and "s/6" are "set of 6".</summary>
    private static string Expand(string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        var counts = slash > 0 && word.Length > slash + 1 && word.AsSpan(slash + 1).IndexOfAnyExceptInRange('0', '9') < 0;
        return (counts ? word[..slash] : "") switch
        {
            "s" or "set" => "set of " + word[(slash + 1)..],
            "pack" => "pack of " + word[(slash + 1)..],
            _ => word,
        };
    }

    /// <summary>Upper-cases the first letter of each part: after a hyphen, slash, quote or the like, but not an apostrophe.</summary>
    private static string Capitalise(string word)
    {
        if (Capitals.Contains(word))
        {
            return word.ToUpperInvariant();
        }

        var letters = word.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            var starts = i == 0 || (i == 1 && letters[0] is '\'') || Starters.Contains(letters[i - 1]);
            var unit = i > 0 && char.IsAsciiDigit(letters[i - 1]) && Units.Contains(word[i..]);
            if (starts && !unit)
            {
                letters[i] = char.ToUpperInvariant(letters[i]);
            }
        }

        return new string(letters);
    }

    /// <summary>Single spaces, no control characters or lone surrogates, no full stops or commas at the end.</summary>
    private static string Tidy(string description)
    {
        var text = new StringBuilder(description.Length);
        foreach (var rune in description.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                if (text.Length > 0 && text[^1] != ' ')
                {
                    text.Append(' ');
                }
            }
            else
            {
                text.Append(rune.ToString());
            }
        }

        return text.ToString().TrimEnd(' ', '.', ',');
    }

    /// <summary>A word of at least four letters, all lower-case after the first: somebody already wrote the name with care.</summary>
    private static bool HasLowerCaseWord(string text) =>
        text.Split(' ').Any(word => word.Length >= 4 && word.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0)
        && text.Count(char.IsUpper) <= text.Count(char.IsLower);

    private static string Cut(string text)
    {
        if (text.Length <= ProductRules.NameCharactersMax)
        {
            return text;
        }

        var end = ProductRules.NameCharactersMax - (char.IsHighSurrogate(text[ProductRules.NameCharactersMax - 1]) ? 1 : 0);
        return text[..end].TrimEnd();
    }
}
