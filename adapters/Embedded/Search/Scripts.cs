using System.Globalization;
using System.Text;

namespace Reco.Adapters.Embedded.Search;

/// <summary>What the tokenizer must know about scripts.</summary>
internal static class Scripts
{
    private const int JamoFirst = 0x1100;
    private const int JamoLast = 0x11FF;
    private const int SyllableBase = 0xAC00;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    /// <summary>Han, kana and Hangul: written without spaces, or with endings joined to the word.</summary>
    public static bool IsUnspaced(Rune rune) => rune.Value >= JamoFirst && rune.Value switch
    {
        <= JamoLast => true,
        >= 0x3041 and <= 0x30FF => rune.Value != 0x30FB,
        >= 0x3400 and <= 0x4DBF => true,
        >= 0x4E00 and <= 0x9FFF => true,
        >= 0xAC00 and <= 0xD7A3 => true,
        >= 0xF900 and <= 0xFAFF => true,
        >= 0x20000 and <= 0x3FFFF => true,
        _ => false,
    };

    /// <summary>A mark that belongs to the letter before it.</summary>
    public static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>
    /// Joins Hangul letters (as macOS sends file names and some keyboards text) into syllables: the composition algorithm of the
    /// Unicode standard, section 3.12.
    /// </summary>
    public static string ComposeHangul(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange((char)JamoFirst, (char)JamoLast) < 0)
        {
            return text;
        }

        var composed = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            var last = composed.Length > 0 ? composed[^1] : '\0';
            var lead = last - JamoFirst;
            var vowel = letter - VowelBase;
            var syllable = last - SyllableBase;
            var trail = letter - TrailBase;
            if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            {
                composed[^1] = (char)(SyllableBase + (((lead * Vowels) + vowel) * Trails));
            }
            else if (syllable is >= 0 and < Leads * Vowels * Trails && syllable % Trails == 0 && trail is > 0 and < Trails)
            {
                composed[^1] = (char)(last + trail);
            }
            else
            {
                composed.Append(letter);
            }
        }

        return composed.ToString();
    }
}
