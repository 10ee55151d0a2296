using System.Text;

namespace Reco.Testing.Elasticsearch;

/// <summary>What the stub's token filters do to a token. Folding knows the letters that the tests use.</summary>
internal static class StubFolding
{
    private static readonly string[] KeepE = ["shoes", "canoes", "oboes"];
    private static readonly string[] KeepChe = ["cliches", "avalanches", "mustaches", "moustaches", "quiches", "headaches", "caches"];

    private static readonly Dictionary<char, string> Ascii = Make(
        ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ďđ"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("i", "ìíîïĩīĭįı"), ("l", "ĺļľŀł"),
        ("n", "ñńņň"), ("o", "òóôõöøōŏő"), ("r", "ŕŗř"), ("s", "śŝşš"), ("t", "ţťŧ"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"),
        ("z", "źżž"), ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"));

    public static string ToAscii(string text) =>
        text.All(char.IsAscii) ? text : string.Concat(text.Select(letter => Ascii.GetValueOrDefault(letter, letter.ToString())));

    /// <summary>Full-width forms of ASCII.</summary>
    public static string Narrow(string text) =>
        string.Concat(text.Select(letter => letter is >= '\uFF01' and <= '\uFF5E' ? (char)(letter - 0xFEE0) : letter));

    /// <summary>Elasticsearch's plural_english.</summary>
    public static string Singular(string word)
    {
        if (word.Length < 3 || word[^1] != 's' || word[^2] is 'u' or 's')
        {
            return word;
        }

        if (word[^2] != 'e')
        {
            return word[..^1];
        }

        if (word.Length > 4 && word[^3] == 'i')
        {
            return word[..^3] + "y";
        }

        var loses = word[^3] switch
        {
            'x' => word.Length > 4,
            'o' => word.Length > 3 && !KeepE.Contains(word),
            'h' or 's' when word.Length > 4 && word[^4] == 's' => true,
            'h' when word.Length > 4 && word[^4] == 'c' => !KeepChe.Contains(word),
            _ => false,
        };
        return word[..^(loses ? 2 : 1)];
    }

    public static StubScript ScriptOf(Rune rune) => rune.Value switch
    {
        >= 0x1100 and <= 0x11FF or >= 0xAC00 and <= 0xD7A3 => StubScript.Hangul,
        >= 0x3041 and <= 0x30FF or >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF
            or >= 0x20000 and <= 0x3FFFF => StubScript.Character,
        _ => StubScript.Other,
    };

    private static Dictionary<char, string> Make(params (string To, string From)[] letters) =>
        letters.SelectMany(pair => pair.From.Select(letter => (letter, pair.To))).ToDictionary(pair => pair.letter, pair => pair.To);
}
